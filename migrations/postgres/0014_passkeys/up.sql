-- The public keys by which somebody signs in without a password (Web Authentication, level 3).
CREATE TABLE passkeys (
    id            TEXT    NOT NULL PRIMARY KEY,
    user_id       TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- By which the authenticator knows it; base64url.
    credential_id TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    -- The public key and what is known of the authenticator (JSON). Nothing in it is a secret.
    credential    TEXT    NOT NULL,
    -- How often the authenticator has signed, as far as it counts: fewer than before means that there are two of it.
    sign_count    BIGINT  NOT NULL,
    -- Whether it is kept elsewhere too, by whoever makes the device.
    backed_up     BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    last_used_at  BIGINT
);
CREATE INDEX passkeys_of_user ON passkeys (user_id);

-- What was asked of an authenticator, until it answers.
CREATE TABLE passkey_ceremonies (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    -- Unknown while somebody signs in by a passkey alone.
    user_id    TEXT   REFERENCES users (id) ON DELETE CASCADE,
    state      TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremonies_of_user ON passkey_ceremonies (user_id);
CREATE INDEX passkey_ceremonies_by_expiry ON passkey_ceremonies (expires_at);
