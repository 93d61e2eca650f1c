CREATE TABLE audit_links_before AS SELECT position, event_seq, event_id, prev_hash, hash FROM audit_links;
DROP TABLE audit_links;
CREATE TABLE audit_links (
    position  INTEGER NOT NULL PRIMARY KEY,
    event_seq BIGINT  NOT NULL UNIQUE,
    event_id  TEXT    NOT NULL UNIQUE,
    prev_hash TEXT    NOT NULL,
    hash      TEXT    NOT NULL
);
INSERT INTO audit_links SELECT position, event_seq, event_id, prev_hash, hash FROM audit_links_before ORDER BY position;
DROP TABLE audit_links_before;
CREATE TRIGGER audit_links_are_never_changed BEFORE UPDATE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;
CREATE TRIGGER audit_links_are_never_deleted BEFORE DELETE ON audit_links
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE OLD.position <= audit_cuts.position)
BEGIN
    SELECT RAISE(ABORT, 'the chain of the audit trail is append-only');
END;
DROP INDEX audit_events_of_sign_ins_by_user;
CREATE INDEX audit_events_by_action ON audit_events (action, seq);
CREATE INDEX audit_events_by_actor_email ON audit_events (LOWER(actor_email), seq);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, seq);
CREATE INDEX audit_events_by_target ON audit_events (target_id, seq);
DROP TRIGGER audit_terms_removed;
DROP TABLE audit_terms;
ALTER TABLE audit_events DROP COLUMN terms;
