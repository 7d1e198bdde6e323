-- approval: phones that answer, and whom each of them serves.
CREATE TABLE approvers (
    -- The thumbprint of its public key (RFC 7638), base64url.
    id TEXT PRIMARY KEY,
    -- P-256, the uncompressed point.
    public_key BYTEA NOT NULL,
    agent TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    -- Web Push (RFC 8030): where its browser is reached, that browser's public key and authentication secret.
    push_endpoint TEXT,
    push_key BYTEA,
    push_secret BYTEA
);

-- The key that names this gateway to push services (RFC 8292); sealed for the place "push_keys/<id>".
CREATE TABLE push_keys (
    id TEXT PRIMARY KEY,
    private_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- One row for each user whom an approver serves (R-414).
CREATE TABLE approver_slots (
    approver_id TEXT NOT NULL REFERENCES approvers (id) ON DELETE CASCADE,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    -- What the person calls it: "my phone".
    name TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    PRIMARY KEY (approver_id, user_name)
);
CREATE INDEX approver_slots_by_user ON approver_slots (user_name);

-- What stands against a user's approvals; no row: nothing does.
CREATE TABLE approval_standings (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    -- 1: suspended by an administrator (R-431).
    suspended BIGINT NOT NULL,
    -- Wrong answers in a row; at the configured number approvals are locked (R-434).
    wrong_answers BIGINT NOT NULL,
    locked BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
