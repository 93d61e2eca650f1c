DROP INDEX audit_events_by_actor_email;

DROP TRIGGER user_roles_counted_out;
DROP TRIGGER user_roles_counted_in;
ALTER TABLE roles DROP COLUMN user_count;

DROP INDEX users_unverified;
DROP INDEX users_inactive;
DROP INDEX users_by_last_login_at;
DROP INDEX users_by_username;
ALTER TABLE users DROP COLUMN last_login_sorted;
ALTER TABLE users DROP COLUMN username_sorted;
CREATE INDEX users_by_username ON users (COALESCE(username_normalized, ''), id);
CREATE INDEX users_by_last_login_at ON users (COALESCE(last_login_at, 0), id);
CREATE INDEX users_by_email ON users (email_normalized, id);

DROP TRIGGER users_trigrams_removed;
DROP TRIGGER users_trigrams_changed;
DROP TRIGGER users_trigrams_added;
DROP TABLE user_numbers;
DROP TABLE user_trigrams;
