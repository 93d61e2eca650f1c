-- By which terms an event is found: what was done, on what, and by whom. In hexadecimal digits a term is one word, whatever is in it.
ALTER TABLE audit_events ADD COLUMN terms TEXT NOT NULL GENERATED ALWAYS AS (
    'n' || hex(action) || COALESCE(' t' || hex(target_id), '')
    || COALESCE(' a' || hex(actor_id), '') || COALESCE(' a' || hex(LOWER(actor_email)), '')
) VIRTUAL;

-- An index is a page of the file to be written for each event, for each column at another place: four of them took twice the time
-- of the event itself. This one is written in batches, as events get their links, and knows what comes before the end of the chain.
-- No trigger does it: at each row the index would write down what it has.
CREATE VIRTUAL TABLE audit_terms USING fts5(terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii');
INSERT INTO audit_terms (rowid, terms)
    SELECT audit_events.seq, audit_events.terms
    FROM audit_events INNER JOIN audit_links ON audit_links.event_seq = audit_events.seq;
CREATE TRIGGER audit_terms_removed AFTER DELETE ON audit_events
BEGIN
    INSERT INTO audit_terms (audit_terms, rowid, terms) VALUES ('delete', OLD.seq, OLD.terms);
END;
-- A link knows its event by number: another index of the same was kept for its id. Of a constraint SQLite can't rid a table.
CREATE TABLE audit_links_before AS SELECT position, event_seq, event_id, prev_hash, hash FROM audit_links;
DROP TABLE audit_links;
CREATE TABLE audit_links (
    position  INTEGER NOT NULL PRIMARY KEY,
    event_seq BIGINT  NOT NULL UNIQUE,
    event_id  TEXT    NOT NULL,
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
DROP INDEX audit_events_by_target;
DROP INDEX audit_events_by_actor;
DROP INDEX audit_events_by_actor_email;
DROP INDEX audit_events_by_action;

-- Somebody's sign-ins are looked for one user at a time.
CREATE INDEX audit_events_of_sign_ins_by_user ON audit_events (target_id, seq)
    WHERE action IN ('user.signed_in', 'user.sign_in_refused');
