DROP TRIGGER audit_events_are_never_deleted;
CREATE TRIGGER audit_events_are_never_deleted BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit events are append-only');
END;
DROP TRIGGER audit_links_are_never_deleted;
CREATE TRIGGER audit_links_are_never_deleted BEFORE DELETE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;
DROP TRIGGER audit_checkpoints_are_never_deleted;
CREATE TRIGGER audit_checkpoints_are_never_deleted BEFORE DELETE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'the checkpoints of the audit trail are append-only');
END;
DROP TABLE audit_cuts;
