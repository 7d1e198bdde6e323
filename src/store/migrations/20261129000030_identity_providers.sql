-- idp: which person at an identity provider is which user here. Issuer and subject together name a person for ever.
CREATE TABLE idp_links (
    id TEXT PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    -- The provider's name in the config when it was last used.
    provider TEXT NOT NULL,
    email TEXT,
    -- JSON: the groups here that the provider gave last.
    groups_given TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used BIGINT NOT NULL
);
CREATE UNIQUE INDEX idp_links_by_person ON idp_links (issuer, subject);
CREATE INDEX idp_links_by_user ON idp_links (user_name);

-- idp: by which session at a provider a session here was opened.
CREATE TABLE idp_sessions (
    session_id TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    link_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    sid TEXT,
    -- Sealed JSON: refresh token, ID token, nonce.
    tokens BYTEA NOT NULL,
    has_refresh BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL
);
CREATE INDEX idp_sessions_by_person ON idp_sessions (issuer, subject);
CREATE INDEX idp_sessions_by_time ON idp_sessions (confirmed_at);
