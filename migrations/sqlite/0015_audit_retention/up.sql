-- Signed statements of up to where the trail was cut off because it was older than it has to be kept.
CREATE TABLE audit_cuts (
    position   INTEGER NOT NULL,
    at         BIGINT  NOT NULL,
    hash       TEXT    NOT NULL,
    public_key TEXT    NOT NULL,
    statement  TEXT    NOT NULL,
    PRIMARY KEY (position, at)
);
CREATE TRIGGER audit_cuts_are_never_changed BEFORE UPDATE ON audit_cuts
BEGIN
    SELECT RAISE(ABORT, 'the cuts of the audit trail are append-only');
END;
CREATE TRIGGER audit_cuts_are_deleted_for_newer_ones_alone BEFORE DELETE ON audit_cuts
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts AS newer WHERE (newer.position, newer.at) > (OLD.position, OLD.at))
BEGIN
    SELECT RAISE(ABORT, 'the cuts of the audit trail are append-only');
END;

-- What a cut covers may go, and nothing else.
DROP TRIGGER audit_events_are_never_deleted;
CREATE TRIGGER audit_events_are_never_deleted BEFORE DELETE ON audit_events
WHEN NOT EXISTS (
    SELECT 1 FROM audit_links JOIN audit_cuts ON audit_links.position <= audit_cuts.position
    WHERE audit_links.event_seq = OLD.seq
)
BEGIN
    SELECT RAISE(ABORT, 'audit events are append-only');
END;
DROP TRIGGER audit_links_are_never_deleted;
CREATE TRIGGER audit_links_are_never_deleted BEFORE DELETE ON audit_links
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE OLD.position <= audit_cuts.position)
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;
DROP TRIGGER audit_checkpoints_are_never_deleted;
CREATE TRIGGER audit_checkpoints_are_never_deleted BEFORE DELETE ON audit_checkpoints
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE OLD.position <= audit_cuts.position)
BEGIN
    SELECT RAISE(ABORT, 'the checkpoints of the audit trail are append-only');
END;
