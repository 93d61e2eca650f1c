DROP INDEX users_locked;
DROP INDEX audit_events_of_sign_ins;
DROP TABLE sign_in_days;
