-- Times are microseconds since the Unix epoch, ids UUIDv7 in text: the same on both databases. Text sorts by its bytes on both.

CREATE TABLE users (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind                TEXT COLLATE "C" NOT NULL CHECK (kind IN ('person', 'service')),
    email               TEXT COLLATE "C" NOT NULL,
    email_normalized    TEXT COLLATE "C" NOT NULL UNIQUE,
    username            TEXT COLLATE "C",
    username_normalized TEXT COLLATE "C" UNIQUE,
    display_name        TEXT COLLATE "C",
    display_name_folded TEXT COLLATE "C" NOT NULL DEFAULT '',
    locale              TEXT COLLATE "C",
    search_text         TEXT COLLATE "C" NOT NULL,
    password_hash       TEXT COLLATE "C",
    must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    active              BOOLEAN NOT NULL,
    approved            BOOLEAN NOT NULL,
    email_verified      BOOLEAN NOT NULL,
    version             BIGINT  NOT NULL DEFAULT 1,
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    last_login_at       BIGINT,
    last_login_ip       TEXT COLLATE "C",
    current_login_at    BIGINT,
    current_login_ip    TEXT COLLATE "C",
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
    table_name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    row_count  BIGINT NOT NULL
);
INSERT INTO row_counts (table_name, row_count) VALUES ('users', 0);
CREATE FUNCTION count_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE row_counts SET row_count = row_count + (SELECT count(*) FROM changed) WHERE table_name = 'users';
    ELSE
        UPDATE row_counts SET row_count = row_count - (SELECT count(*) FROM changed) WHERE table_name = 'users';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_counted_in AFTER INSERT ON users
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users();
CREATE TRIGGER users_counted_out AFTER DELETE ON users
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_users();

CREATE TABLE roles (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name            TEXT COLLATE "C" NOT NULL,
    name_normalized TEXT COLLATE "C" NOT NULL UNIQUE,
    description     TEXT COLLATE "C" NOT NULL DEFAULT '',
    protected       BOOLEAN NOT NULL DEFAULT FALSE,
    version         BIGINT  NOT NULL DEFAULT 1,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL
);

CREATE TABLE role_permissions (
    role_id    TEXT COLLATE "C" NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE user_roles (
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT COLLATE "C" NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_by_role ON user_roles (role_id, user_id);

CREATE TABLE sessions (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id      TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT  NOT NULL,
    last_used_at BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    auth_time    BIGINT  NOT NULL,
    remember     BOOLEAN NOT NULL DEFAULT FALSE,
    mfa          BOOLEAN NOT NULL DEFAULT FALSE,
    ip           TEXT COLLATE "C",
    user_agent   TEXT COLLATE "C",
    ended_at     BIGINT,
    end_reason   TEXT COLLATE "C"
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- One row a token ever issued in a family, so that an old one can be told from a forged one.
CREATE TABLE refresh_tokens (
    token_hash     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    session_id     TEXT COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at      BIGINT NOT NULL,
    replaced_at    BIGINT,
    successor_hash TEXT COLLATE "C",
    -- The successor is HMAC(presented token, this): who presents the predecessor again gets the same one, and the store never holds either.
    successor_salt TEXT COLLATE "C"
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE one_time_tokens (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    purpose    TEXT COLLATE "C" NOT NULL,
    user_id    TEXT COLLATE "C" REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    kid         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    algorithm   TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('next', 'current', 'retired')),
    private_key TEXT COLLATE "C" NOT NULL,
    public_key  TEXT COLLATE "C" NOT NULL,
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
    kind    TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (seq, kind, subject)
);

CREATE TABLE audit_events (
    seq                BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id                 TEXT COLLATE "C" NOT NULL UNIQUE,
    at                 BIGINT  NOT NULL,
    actor_id           TEXT COLLATE "C",
    actor_email        TEXT COLLATE "C",
    actor_kind         TEXT COLLATE "C",
    impersonator_id    TEXT COLLATE "C",
    impersonator_email TEXT COLLATE "C",
    action             TEXT COLLATE "C" NOT NULL,
    target_type        TEXT COLLATE "C",
    target_id          TEXT COLLATE "C",
    target_label       TEXT COLLATE "C",
    outcome            TEXT COLLATE "C" NOT NULL CHECK (outcome IN ('ok', 'refused')),
    ip                 TEXT COLLATE "C",
    user_agent         TEXT COLLATE "C",
    request_id         TEXT COLLATE "C",
    changes            TEXT COLLATE "C" NOT NULL,
    prev_hash          TEXT COLLATE "C",
    hash               TEXT COLLATE "C"
);
CREATE INDEX audit_events_by_target ON audit_events (target_id, seq);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, seq);
CREATE INDEX audit_events_by_action ON audit_events (action, seq);
CREATE INDEX audit_events_by_time ON audit_events (at, seq);
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only';
END
$$;
CREATE TRIGGER audit_events_are_never_changed BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_are_never_truncated BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE TABLE idempotency_keys (
    caller      TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status      INTEGER NOT NULL,
    -- The headers of the answer that belong to it, in JSON.
    headers     TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
