-- The session that an act was done in.
ALTER TABLE audit_events ADD COLUMN session_id TEXT COLLATE "C";

-- The chain: its positions have no gaps, and each link's hash covers an event and the link before.
CREATE TABLE audit_links (
    position  BIGINT NOT NULL PRIMARY KEY,
    event_seq BIGINT NOT NULL UNIQUE,
    event_id  TEXT COLLATE "C" NOT NULL UNIQUE,
    prev_hash TEXT COLLATE "C" NOT NULL,
    hash      TEXT COLLATE "C" NOT NULL
);
CREATE TRIGGER audit_links_are_never_changed BEFORE UPDATE OR DELETE ON audit_links
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_links_are_never_truncated BEFORE TRUNCATE ON audit_links
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Signed statements of which hash stood at a position.
CREATE TABLE audit_checkpoints (
    position   BIGINT NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    public_key TEXT COLLATE "C" NOT NULL,
    statement  TEXT COLLATE "C" NOT NULL
);
CREATE TRIGGER audit_checkpoints_are_never_changed BEFORE UPDATE OR DELETE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_checkpoints_are_never_truncated BEFORE TRUNCATE ON audit_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
