-- Signed statements of up to where the trail was cut off because it was older than it has to be kept.
CREATE TABLE audit_cuts (
    position   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    hash       TEXT COLLATE "C" NOT NULL,
    public_key TEXT COLLATE "C" NOT NULL,
    statement  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (position, at)
);
-- What a cut covers may go, and nothing else.
CREATE FUNCTION refuse_audit_removal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_covered boolean;
BEGIN
    IF TG_TABLE_NAME = 'audit_events' THEN
        is_covered := EXISTS (
            SELECT 1 FROM audit_links JOIN audit_cuts ON audit_links.position <= audit_cuts.position
            WHERE audit_links.event_seq = OLD.seq
        );
    ELSIF TG_TABLE_NAME = 'audit_cuts' THEN
        is_covered := EXISTS (
            SELECT 1 FROM audit_cuts AS newer WHERE (newer.position, newer.at) > (OLD.position, OLD.at)
        );
    ELSE
        is_covered := EXISTS (SELECT 1 FROM audit_cuts WHERE OLD.position <= audit_cuts.position);
    END IF;
    IF is_covered THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit trail is append-only';
END;
$$;
CREATE TRIGGER audit_cuts_are_never_changed BEFORE UPDATE ON audit_cuts
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_cuts_are_deleted_for_newer_ones_alone BEFORE DELETE ON audit_cuts
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
CREATE TRIGGER audit_cuts_are_never_truncated BEFORE TRUNCATE ON audit_cuts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

DROP TRIGGER audit_events_are_never_changed ON audit_events;
CREATE TRIGGER audit_events_are_never_changed BEFORE UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_are_never_deleted BEFORE DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
DROP TRIGGER audit_links_are_never_changed ON audit_links;
CREATE TRIGGER audit_links_are_never_changed BEFORE UPDATE ON audit_links
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_links_are_never_deleted BEFORE DELETE ON audit_links
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
DROP TRIGGER audit_checkpoints_are_never_changed ON audit_checkpoints;
CREATE TRIGGER audit_checkpoints_are_never_changed BEFORE UPDATE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_checkpoints_are_never_deleted BEFORE DELETE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_removal();
