-- What a token is about: the address that a link was sent to, or the one that is to take its place.
ALTER TABLE one_time_tokens ADD COLUMN subject TEXT;
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at);

-- Links that strangers asked for. Looking for the account is left to the server's own time, so that no answer tells whether there is one.
CREATE TABLE link_requests (
    id         TEXT   NOT NULL PRIMARY KEY,
    purpose    TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    ip         TEXT,
    user_agent TEXT,
    request_id TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
