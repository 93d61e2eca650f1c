-- Which users' texts have which three letters in a row: it finds the few users whose texts may hold what somebody looks for,
-- and the text itself decides. No positions and no texts are kept, which would make it thrice the size.
CREATE VIRTUAL TABLE user_trigrams USING fts5(
    search_text, content = '', columnsize = 0, detail = 'none', tokenize = 'trigram case_sensitive 1'
);
-- The numbers by which the trigrams know the users: a row's own number may change when the file is compacted or copied.
CREATE TABLE user_numbers (
    number  INTEGER NOT NULL PRIMARY KEY,
    user_id TEXT    NOT NULL UNIQUE
);
INSERT INTO user_numbers (number, user_id) SELECT row_number() OVER (ORDER BY id), id FROM users;
INSERT INTO user_trigrams (rowid, search_text)
    SELECT user_numbers.number, users.search_text FROM user_numbers INNER JOIN users ON users.id = user_numbers.user_id;
CREATE TRIGGER users_trigrams_added AFTER INSERT ON users
BEGIN
    INSERT INTO user_numbers (user_id) VALUES (NEW.id);
    INSERT INTO user_trigrams (rowid, search_text)
        SELECT number, NEW.search_text FROM user_numbers WHERE user_id = NEW.id;
END;
CREATE TRIGGER users_trigrams_changed AFTER UPDATE OF search_text ON users WHEN NEW.search_text <> OLD.search_text
BEGIN
    INSERT INTO user_trigrams (user_trigrams, rowid, search_text)
        SELECT 'delete', number, OLD.search_text FROM user_numbers WHERE user_id = OLD.id;
    INSERT INTO user_trigrams (rowid, search_text)
        SELECT number, NEW.search_text FROM user_numbers WHERE user_id = OLD.id;
END;
CREATE TRIGGER users_trigrams_removed AFTER DELETE ON users
BEGIN
    INSERT INTO user_trigrams (user_trigrams, rowid, search_text)
        SELECT 'delete', number, OLD.search_text FROM user_numbers WHERE user_id = OLD.id;
    DELETE FROM user_numbers WHERE user_id = OLD.id;
END;

-- What is never null can be sorted by as it is: a place in the middle of many equal ones is then found in the index.
ALTER TABLE users ADD COLUMN username_sorted TEXT NOT NULL GENERATED ALWAYS AS (COALESCE(username_normalized, '')) VIRTUAL;
ALTER TABLE users ADD COLUMN last_login_sorted BIGINT NOT NULL GENERATED ALWAYS AS (COALESCE(last_login_at, 0)) VIRTUAL;
DROP INDEX users_by_username;
DROP INDEX users_by_last_login_at;
CREATE INDEX users_by_username ON users (username_sorted, id);
CREATE INDEX users_by_last_login_at ON users (last_login_sorted, id);
-- Of those who can't sign in there are few.
CREATE INDEX users_inactive ON users (created_at, id) WHERE NOT active;
CREATE INDEX users_unverified ON users (created_at, id) WHERE NOT email_verified;
-- The constraint that makes emails unique has them in order already.
DROP INDEX users_by_email;

-- How many users have a role, kept by triggers: counting them took as long as there were many.
ALTER TABLE roles ADD COLUMN user_count BIGINT NOT NULL DEFAULT 0;
UPDATE roles SET user_count = (SELECT count(*) FROM user_roles WHERE user_roles.role_id = roles.id);
CREATE TRIGGER user_roles_counted_in AFTER INSERT ON user_roles
BEGIN
    UPDATE roles SET user_count = user_count + 1 WHERE id = NEW.role_id;
END;
CREATE TRIGGER user_roles_counted_out AFTER DELETE ON user_roles
BEGIN
    UPDATE roles SET user_count = user_count - 1 WHERE id = OLD.role_id;
END;

-- An actor is also looked for by email, in any case.
CREATE INDEX audit_events_by_actor_email ON audit_events (LOWER(actor_email), seq);
