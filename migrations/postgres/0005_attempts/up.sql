-- What was tried of late and failed, by bucket: a hash of what is counted, never an address or a name that can be read.
CREATE TABLE attempts (
    bucket        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL,
    -- Attempts whose password is being verified right now. Whoever doesn't say by then how it ended has failed.
    pending       BIGINT NOT NULL,
    pending_until BIGINT NOT NULL,
    -- From then on the failures are forgotten.
    forget_at     BIGINT NOT NULL,
    -- Until then every attempt is refused; 0 while there were few failures.
    blocked_until BIGINT NOT NULL,
    -- When the audit trail last heard of a refusal.
    reported_at   BIGINT NOT NULL
);
CREATE INDEX attempts_by_end ON attempts (forget_at);

-- Browsers that somebody has signed in from: whoever guesses at an account elsewhere doesn't lock its owner out of these.
CREATE TABLE devices (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id       TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash    TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT NOT NULL,
    ip            TEXT COLLATE "C",
    user_agent    TEXT COLLATE "C",
    trusted_until BIGINT
);
CREATE INDEX devices_by_user ON devices (user_id, last_used_at);
CREATE INDEX devices_by_use ON devices (last_used_at);
