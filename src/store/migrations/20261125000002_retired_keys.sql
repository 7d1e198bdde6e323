-- identity: the public halves of keys that sign no more, so that a receipt verifies after the key that signed it is gone.
CREATE TABLE retired_signing_keys (
    id TEXT PRIMARY KEY,
    public_key BYTEA NOT NULL,
    active_from BIGINT NOT NULL,
    retired_at BIGINT NOT NULL
);
