DROP INDEX audit_events_by_actor_email;

DROP TRIGGER user_roles_counted_out ON user_roles;
DROP TRIGGER user_roles_counted_in ON user_roles;
DROP FUNCTION count_users_of_roles();
ALTER TABLE roles DROP COLUMN user_count;

DROP INDEX users_unverified;
DROP INDEX users_inactive;
DROP INDEX users_by_last_login_at;
DROP INDEX users_by_username;
ALTER TABLE users DROP COLUMN last_login_sorted, DROP COLUMN username_sorted;
CREATE INDEX users_by_username ON users (COALESCE(username_normalized, ''), id);
CREATE INDEX users_by_last_login_at ON users (COALESCE(last_login_at, 0), id);

DROP INDEX IF EXISTS users_by_trigrams;
-- Not if somebody else owns it, or something else needs it.
DO $$
BEGIN
    DROP EXTENSION IF EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    NULL;
END
$$;
