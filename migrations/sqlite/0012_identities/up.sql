-- Who a provider of OpenID Connect says that somebody is. Told by the issuer and not by the provider's name, which whoever
-- configures it may give to another one.
CREATE TABLE identities (
    id           TEXT   NOT NULL PRIMARY KEY,
    user_id      TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider     TEXT   NOT NULL,
    issuer       TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    email        TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Who was sent to a provider and is not back yet. What they come back with is known by its hash alone.
CREATE TABLE oidc_requests (
    state_hash   TEXT   NOT NULL PRIMARY KEY,
    browser_hash TEXT   NOT NULL,
    provider     TEXT   NOT NULL,
    next         TEXT   NOT NULL,
    -- Whose account is to be linked, and in which session they asked for it; nobody's for a sign-in.
    user_id      TEXT   REFERENCES users (id) ON DELETE CASCADE,
    session_id   TEXT,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX oidc_requests_by_user ON oidc_requests (user_id);
CREATE INDEX oidc_requests_by_expiry ON oidc_requests (expires_at);
