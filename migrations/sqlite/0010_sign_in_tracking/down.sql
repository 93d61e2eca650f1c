DROP INDEX users_awaiting_approval;
CREATE INDEX users_awaiting_approval ON users (created_at, id) WHERE NOT approved;
DROP INDEX users_inactive;
CREATE INDEX users_inactive ON users (created_at, id) WHERE NOT active;
DROP INDEX users_locked;
DROP INDEX audit_events_of_sign_ins;
DROP TABLE sign_in_days;
