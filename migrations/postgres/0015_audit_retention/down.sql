DROP TRIGGER audit_events_are_never_deleted ON audit_events;
DROP TRIGGER audit_events_are_never_changed ON audit_events;
CREATE TRIGGER audit_events_are_never_changed BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
DROP TRIGGER audit_links_are_never_deleted ON audit_links;
DROP TRIGGER audit_links_are_never_changed ON audit_links;
CREATE TRIGGER audit_links_are_never_changed BEFORE UPDATE OR DELETE ON audit_links
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
DROP TRIGGER audit_checkpoints_are_never_deleted ON audit_checkpoints;
DROP TRIGGER audit_checkpoints_are_never_changed ON audit_checkpoints;
CREATE TRIGGER audit_checkpoints_are_never_changed BEFORE UPDATE OR DELETE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
DROP TABLE audit_cuts;
DROP FUNCTION refuse_audit_removal();
