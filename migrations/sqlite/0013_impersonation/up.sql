-- Sessions in which somebody acts in the name of the session's user, and the session that they began it from.
CREATE TABLE impersonations (
    session_id              TEXT NOT NULL PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    impersonator_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    impersonator_session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
);
CREATE INDEX impersonations_by_impersonator ON impersonations (impersonator_id);
CREATE INDEX impersonations_by_impersonator_session ON impersonations (impersonator_session_id);
