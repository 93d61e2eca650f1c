-- Which users' texts have which three letters in a row. The extension comes with PostgreSQL, but a role may not be allowed to
-- create it: searching then reads all users, and `reeve doctor` says so and what to do.
DO $$
DECLARE
    home TEXT;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN OTHERS THEN
        NULL;
    END;
    SELECT quote_ident(nspname) INTO home
        FROM pg_extension INNER JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm';
    IF home IS NOT NULL THEN
        -- What was just written is in a list that every search reads: a short one, but without any an import takes thrice as long.
        EXECUTE 'CREATE INDEX users_by_trigrams ON users USING gin (search_text ' || home || '.gin_trgm_ops) WITH (gin_pending_list_limit = 256)';
    END IF;
END
$$;

-- What is never null can be sorted by as it is: a place in the middle of many equal ones is then found in the index.
ALTER TABLE users
    ADD COLUMN username_sorted TEXT COLLATE "C" NOT NULL GENERATED ALWAYS AS (COALESCE(username_normalized, '')) STORED,
    ADD COLUMN last_login_sorted BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(last_login_at, 0)) STORED;
DROP INDEX users_by_username;
DROP INDEX users_by_last_login_at;
CREATE INDEX users_by_username ON users (username_sorted, id);
CREATE INDEX users_by_last_login_at ON users (last_login_sorted, id);
-- Of those who can't sign in there are few.
CREATE INDEX users_inactive ON users (created_at, id) WHERE NOT active;
CREATE INDEX users_unverified ON users (created_at, id) WHERE NOT email_verified;

-- How many users have a role, kept by triggers: counting them took as long as there were many. Who changes roles holds the
-- access clock, so nobody waits here for somebody who waits for them.
ALTER TABLE roles ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
UPDATE roles SET user_count = (SELECT count(*) FROM user_roles WHERE user_roles.role_id = roles.id);
CREATE FUNCTION count_users_of_roles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE roles SET user_count = user_count + CASE TG_OP WHEN 'INSERT' THEN counted.users ELSE -counted.users END
        FROM (SELECT role_id, count(*) AS users FROM changed GROUP BY role_id) AS counted WHERE roles.id = counted.role_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER user_roles_counted_in AFTER INSERT ON user_roles
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users_of_roles();
CREATE TRIGGER user_roles_counted_out AFTER DELETE ON user_roles
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users_of_roles();

-- An actor is also looked for by email, in any case.
CREATE INDEX audit_events_by_actor_email ON audit_events (LOWER(actor_email), seq);
