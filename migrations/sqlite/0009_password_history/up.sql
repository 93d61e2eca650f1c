-- What somebody's passwords were before the present one, as far as the setting password.history wants to know.
CREATE TABLE password_history (
    id            TEXT   NOT NULL PRIMARY KEY,
    user_id       TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT   NOT NULL,
    replaced_at   BIGINT NOT NULL
);
CREATE INDEX password_history_by_user ON password_history (user_id, replaced_at);
