-- What makes the codes of somebody's authenticator (RFC 6238).
CREATE TABLE totp_factors (
    user_id      TEXT   NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Sealed: whoever reads the store must not be able to make codes.
    secret       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Until then it is only on offer, and asked of nobody.
    confirmed_at BIGINT,
    last_used_at BIGINT,
    -- The time step of the last code that was taken: it and all before it are used up.
    last_step    BIGINT NOT NULL DEFAULT 0
);

-- Codes that are good once when the authenticator is lost, each found by its first character.
CREATE TABLE recovery_codes (
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label      TEXT   NOT NULL,
    code_hash  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, label)
);

-- Whether an authenticator is confirmed, where lists and signing in look.
ALTER TABLE users ADD COLUMN mfa_enabled BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether those who have the role need a second factor to sign in.
ALTER TABLE roles ADD COLUMN mfa_required BOOLEAN NOT NULL DEFAULT FALSE;
