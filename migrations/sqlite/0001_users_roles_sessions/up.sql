-- Times are microseconds since the Unix epoch, ids UUIDv7 in text: the same on both databases. Text sorts by its bytes on both.

CREATE TABLE users (
    id                  TEXT    NOT NULL PRIMARY KEY,
    kind                TEXT    NOT NULL CHECK (kind IN ('person', 'service')),
    email               TEXT    NOT NULL,
    email_normalized    TEXT    NOT NULL UNIQUE,
    username            TEXT,
    username_normalized TEXT    UNIQUE,
    display_name        TEXT,
    display_name_folded TEXT    NOT NULL DEFAULT '',
    locale              TEXT,
    search_text         TEXT    NOT NULL,
    password_hash       TEXT,
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    active              BOOLEAN NOT NULL,
    approved            BOOLEAN NOT NULL,
    email_verified      BOOLEAN NOT NULL,
    version             BIGINT  NOT NULL DEFAULT 1,
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    last_login_at       BIGINT,
    last_login_ip       TEXT,
    current_login_at    BIGINT,
    current_login_ip    TEXT,
    login_count         BIGINT  NOT NULL DEFAULT 0,
    locked_until        BIGINT
);
CREATE INDEX users_by_created_at ON users (created_at, id);
CREATE INDEX users_by_email ON users (email_normalized, id);
CREATE INDEX users_by_username ON users (COALESCE(username_normalized, ''), id);
CREATE INDEX users_by_display_name ON users (display_name_folded, id);
CREATE INDEX users_by_last_login_at ON users (COALESCE(last_login_at, 0), id);
CREATE INDEX users_awaiting_approval ON users (created_at, id) WHERE NOT approved;

-- The size of a large table, kept by triggers: counting a million rows for every list would cost more than the list.
CREATE TABLE row_counts (
    table_name TEXT   NOT NULL PRIMARY KEY,
    row_count  BIGINT NOT NULL
);
INSERT INTO row_counts (table_name, row_count) VALUES ('users', 0);
CREATE TRIGGER users_counted_in AFTER INSERT ON users
BEGIN
    UPDATE row_counts SET row_count = row_count + 1 WHERE table_name = 'users';
END;
CREATE TRIGGER users_counted_out AFTER DELETE ON users
BEGIN
    UPDATE row_counts SET row_count = row_count - 1 WHERE table_name = 'users';
END;

CREATE TABLE roles (
    id              TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    name_normalized TEXT    NOT NULL UNIQUE,
    description     TEXT    NOT NULL DEFAULT '',
    protected       BOOLEAN NOT NULL DEFAULT FALSE,
    version         BIGINT  NOT NULL DEFAULT 1,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL
);

CREATE TABLE role_permissions (
    role_id    TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_by_role ON user_roles (role_id, user_id);

CREATE TABLE sessions (
    id           TEXT    NOT NULL PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT  NOT NULL,
    last_used_at BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    auth_time    BIGINT  NOT NULL,
    remember     BOOLEAN NOT NULL DEFAULT FALSE,
    mfa          BOOLEAN NOT NULL DEFAULT FALSE,
    ip           TEXT,
    user_agent   TEXT,
    ended_at     BIGINT,
    end_reason   TEXT
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- One row a token ever issued in a family, so that an old one can be told from a forged one.
CREATE TABLE refresh_tokens (
    token_hash     TEXT   NOT NULL PRIMARY KEY,
    session_id     TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at      BIGINT NOT NULL,
    replaced_at    BIGINT,
    successor_hash TEXT,
    -- The successor is HMAC(presented token, this): who presents the predecessor again gets the same one, and the store never holds either.
    successor_salt TEXT
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE one_time_tokens (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    user_id    TEXT   REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    kid         TEXT   NOT NULL PRIMARY KEY,
    algorithm   TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('next', 'current', 'retired')),
    private_key TEXT   NOT NULL,
    public_key  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state <> 'retired';

-- The order in which changes of access were committed: whoever increments it holds its row until the commit,
-- so a reader that has seen number N has seen everything before N.
CREATE TABLE access_clock (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    value BIGINT  NOT NULL
);
INSERT INTO access_clock (id, value) VALUES (1, 0);
CREATE TABLE access_changes (
    seq     BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (seq, kind, subject)
);

CREATE TABLE audit_events (
    seq                INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    at                 BIGINT  NOT NULL,
    actor_id           TEXT,
    actor_email        TEXT,
    actor_kind         TEXT,
    impersonator_id    TEXT,
    impersonator_email TEXT,
    action             TEXT    NOT NULL,
    target_type        TEXT,
    target_id          TEXT,
    target_label       TEXT,
    outcome            TEXT    NOT NULL CHECK (outcome IN ('ok', 'refused')),
    ip                 TEXT,
    user_agent         TEXT,
    request_id         TEXT,
    changes            TEXT    NOT NULL,
    prev_hash          TEXT,
    hash               TEXT
);
CREATE INDEX audit_events_by_target ON audit_events (target_id, seq);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, seq);
CREATE INDEX audit_events_by_action ON audit_events (action, seq);
CREATE INDEX audit_events_by_time ON audit_events (at, seq);
CREATE TRIGGER audit_events_are_never_changed BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are append-only');
END;
CREATE TRIGGER audit_events_are_never_deleted BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are append-only');
END;

CREATE TABLE idempotency_keys (
    caller      TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    status      INTEGER NOT NULL,
    -- The headers of the answer that belong to it, in JSON.
    headers     TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
