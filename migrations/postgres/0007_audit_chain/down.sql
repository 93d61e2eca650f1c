DROP TABLE audit_checkpoints;
DROP TABLE audit_links;
ALTER TABLE audit_events DROP COLUMN session_id;
