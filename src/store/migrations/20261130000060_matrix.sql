-- factor: patterns that one-time passwords are read along. A pattern must be read to be checked, so it is sealed, not hashed.
CREATE TABLE matrix_patterns (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    -- Names this pattern in evidence: another one is another credential.
    id TEXT NOT NULL UNIQUE,
    pattern BYTEA NOT NULL,
    -- Whether it was drawn here and must be changed before anything else.
    initial BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Until when an initial one may be used.
    expires_at BIGINT
);
