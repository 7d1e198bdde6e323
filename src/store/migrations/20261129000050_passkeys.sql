-- factor: the random name by which authenticators know a user (WebAuthn §6.4.3 "user handle"): it stays as long as the account
-- does, and says nothing of the person.
CREATE TABLE passkey_handles (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    handle BYTEA NOT NULL UNIQUE
);

-- factor: passkeys. Nothing in here is secret: the private key never leaves the authenticator.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    -- The id that the authenticator chose; one of them has one owner.
    credential_id BYTEA NOT NULL UNIQUE,
    -- The public key and what was verified with it at registration, as webauthn-rs-core writes a credential.
    credential TEXT NOT NULL,
    -- For which relying party it was made: with another it cannot be used.
    rp_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- What the authenticator said last: the signature counter (0: it keeps none), whether it may be copied, whether it is.
    sign_count BIGINT NOT NULL,
    backup_eligible BIGINT NOT NULL,
    backed_up BIGINT NOT NULL,
    -- The model (AAGUID), where attestation proved it.
    model TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkeys_by_user ON passkeys (user_name);
