-- Keys that programs present instead of signing in. Of the key itself there is only a hash.
CREATE TABLE api_keys (
    id               TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id          TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name             TEXT COLLATE "C" NOT NULL,
    -- How the key begins: public, and by which it is found.
    prefix           TEXT COLLATE "C" NOT NULL UNIQUE,
    key_hash         TEXT COLLATE "C" NOT NULL,
    -- Lists, in JSON. No permissions: all that the owner has.
    permissions      TEXT COLLATE "C",
    allowed_networks TEXT COLLATE "C" NOT NULL,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT,
    last_used_at     BIGINT
);
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at, id);
