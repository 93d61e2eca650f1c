-- The keys that seal what Reeve has to be able to read again. Each is itself wrapped by the configured secret key, if there is one.
CREATE TABLE sealing_keys (
    id         TEXT   NOT NULL PRIMARY KEY,
    key        TEXT   NOT NULL,
    -- Which secret key wraps it; null: none, it lies here as it is.
    wrapped_by TEXT,
    created_at BIGINT NOT NULL
);
