-- How many signed in, and how many were refused, on each day that is over. Events never change, so they are counted once.
CREATE TABLE sign_in_days (
    -- Days since the Unix epoch, in UTC.
    day     INTEGER NOT NULL PRIMARY KEY,
    ok      BIGINT  NOT NULL,
    refused BIGINT  NOT NULL
);

-- What is not counted yet is found without the rest of the trail.
CREATE INDEX audit_events_of_sign_ins ON audit_events (action, at)
    WHERE action IN ('user.signed_in', 'user.sign_in_refused');

-- Of those who have been locked there are few.
CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;

-- Counted from the index alone: without the flag in it each row would be looked at.
DROP INDEX users_inactive;
CREATE INDEX users_inactive ON users (created_at, id, active) WHERE NOT active;
DROP INDEX users_awaiting_approval;
CREATE INDEX users_awaiting_approval ON users (created_at, id, approved) WHERE NOT approved;
