-- The directory. The part of SQL that SQLite and PostgreSQL share; times are milliseconds since the epoch, flags are 0
-- and 1, ids are base64url TEXT, secrets that only need recognising are SHA-256 in BYTEA.
-- What belongs to a user goes with the user: one DELETE, one transaction.

-- house
CREATE TABLE house_state (
    -- 'sealed_by': ids of the master keys that sealed something here. 'announced': changed by a command that ran beside
    -- the gateway, which then reads everything anew.
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- account
CREATE TABLE users (
    name TEXT PRIMARY KEY,
    display_name TEXT,
    email TEXT,
    language TEXT,
    enabled BIGINT NOT NULL,
    -- Words of the primary-factor methods assigned, separated by spaces (R-036).
    assigned TEXT NOT NULL,
    certificate_switch BIGINT NOT NULL,
    -- Sessions made under an older epoch are dead: switching a user off raises it in the same statement.
    session_epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE user_groups (
    name TEXT PRIMARY KEY,
    description TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    group_name TEXT NOT NULL REFERENCES user_groups (name) ON DELETE CASCADE,
    PRIMARY KEY (user_name, group_name)
);
CREATE INDEX memberships_by_group ON memberships (group_name);

CREATE TABLE user_networks (
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    network TEXT NOT NULL,
    -- 1: the user may come only from networks marked so; 0: the user may not come from here.
    allowed BIGINT NOT NULL,
    PRIMARY KEY (user_name, network, allowed)
);

-- factor
CREATE TABLE passwords (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    -- The PHC string: algorithm, parameters, salt and hash.
    phc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE totp (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL UNIQUE REFERENCES users (name) ON DELETE CASCADE,
    -- Sealed for the place "totp/<user>".
    seed BYTEA NOT NULL,
    -- The last time step accepted: none at or below it is accepted again (T37).
    last_step BIGINT NOT NULL,
    confirmed BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    -- HMAC-SHA-256 under a key derived from the master key.
    code_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_name, code_hash)
);

-- browser
CREATE TABLE browsers (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    way TEXT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (token_hash, user_name)
);
CREATE INDEX browsers_by_user ON browsers (user_name);

-- session
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    -- JSON: what was proved.
    evidence TEXT NOT NULL,
    browser_id TEXT,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_name);

CREATE TABLE session_tokens (
    token_hash BYTEA PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    -- The certificate it is bound to: SHA-256 of its DER.
    certificate BYTEA
);
CREATE INDEX session_tokens_by_session ON session_tokens (session_id);

-- certificate
CREATE TABLE certificates (
    fingerprint TEXT PRIMARY KEY,
    -- 'user', 'shared' or 'machine'.
    holder_kind TEXT NOT NULL,
    -- NULL with 'user': its holder was removed, nobody may use it.
    holder_user TEXT REFERENCES users (name) ON DELETE SET NULL,
    holder_machine TEXT,
    label TEXT,
    enabled BIGINT NOT NULL,
    valid_from BIGINT,
    valid_until BIGINT,
    added_at BIGINT NOT NULL
);
CREATE INDEX certificates_by_user ON certificates (holder_user);

CREATE TABLE certificate_sightings (
    fingerprint TEXT NOT NULL,
    -- Empty: shown by somebody who was not signed in.
    user_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    not_after BIGINT NOT NULL,
    address TEXT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (fingerprint, user_name)
);

-- account: what waits, what stands
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    label TEXT NOT NULL,
    -- Words of the scopes, separated by spaces.
    scopes TEXT NOT NULL,
    -- NULL: made at the command line. Otherwise the token goes with its owner.
    owner TEXT REFERENCES users (name) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used BIGINT
);

CREATE TABLE links (
    token_hash BYTEA PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX links_by_user ON links (user_name);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    user_name TEXT REFERENCES users (name) ON DELETE CASCADE,
    recipient TEXT,
    subject TEXT NOT NULL,
    -- Sealed for the place "outbox/<id>": a message may carry a one-time link.
    body BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    sent_at BIGINT,
    last_error TEXT
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

-- audit
CREATE TABLE audit (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    outcome TEXT NOT NULL,
    user_name TEXT,
    actor TEXT,
    app TEXT,
    address TEXT,
    request_id TEXT,
    check_name TEXT,
    refusal TEXT,
    -- JSON object of texts.
    details TEXT NOT NULL
);
CREATE INDEX audit_by_user ON audit (user_name, id);
CREATE INDEX audit_by_time ON audit (at);

-- identity
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    -- Sealed for the place "signing_keys/<id>".
    private_key BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    -- Signs from here …
    active_from BIGINT NOT NULL,
    -- … and stays in the JWKS until here.
    retired_at BIGINT NOT NULL
);
