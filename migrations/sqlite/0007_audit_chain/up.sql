-- The session that an act was done in.
ALTER TABLE audit_events ADD COLUMN session_id TEXT;

-- The chain: its positions have no gaps, and each link's hash covers an event and the link before.
CREATE TABLE audit_links (
    position  INTEGER NOT NULL PRIMARY KEY,
    event_seq BIGINT  NOT NULL UNIQUE,
    event_id  TEXT    NOT NULL UNIQUE,
    prev_hash TEXT    NOT NULL,
    hash      TEXT    NOT NULL
);
CREATE TRIGGER audit_links_are_never_changed BEFORE UPDATE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;
CREATE TRIGGER audit_links_are_never_deleted BEFORE DELETE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;

-- Signed statements of which hash stood at a position.
CREATE TABLE audit_checkpoints (
    position   INTEGER NOT NULL PRIMARY KEY,
    at         BIGINT  NOT NULL,
    public_key TEXT    NOT NULL,
    statement  TEXT    NOT NULL
);
CREATE TRIGGER audit_checkpoints_are_never_changed BEFORE UPDATE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'the checkpoints of the audit trail are append-only');
END;
CREATE TRIGGER audit_checkpoints_are_never_deleted BEFORE DELETE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'the checkpoints of the audit trail are append-only');
END;
