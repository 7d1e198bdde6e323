-- certificate: keys that sign client certificates, and what they signed.
CREATE TABLE authorities (
    id TEXT PRIMARY KEY,
    -- Counted up: the newest that may signs.
    position BIGINT NOT NULL,
    -- 'root', 'issuing' (below the root of `parent`) or 'imported'.
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT,
    -- The certificate and those above it, PEM.
    chain TEXT NOT NULL,
    -- Sealed for the place "authorities/<id>": PKCS#8, or SEC 1 as it was imported.
    private_key BYTEA NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Nothing that it signed counts from here on.
    withdrawn_at BIGINT,
    -- Its revocation list (DER), the number of that list, and until when it counts.
    list BYTEA,
    list_number BIGINT NOT NULL,
    list_until BIGINT
);

ALTER TABLE certificates ADD COLUMN holder_group TEXT REFERENCES user_groups (name) ON DELETE SET NULL;
-- Issued here: the key that signed it, its serial number (hexadecimal, without leading zeros), its own validity.
ALTER TABLE certificates ADD COLUMN authority TEXT;
ALTER TABLE certificates ADD COLUMN serial TEXT;
ALTER TABLE certificates ADD COLUMN not_before BIGINT;
ALTER TABLE certificates ADD COLUMN not_after BIGINT;
ALTER TABLE certificates ADD COLUMN revoked_at BIGINT;
-- One certificate for one request that names itself.
ALTER TABLE certificates ADD COLUMN request TEXT;
CREATE UNIQUE INDEX certificates_by_request ON certificates (request);
CREATE UNIQUE INDEX certificates_by_serial ON certificates (authority, serial);

-- What is handed out: PKCS#12 under a passphrase that is kept nowhere, or the chain in PEM for a key that a device made.
CREATE TABLE certificate_containers (
    fingerprint TEXT PRIMARY KEY REFERENCES certificates (fingerprint) ON DELETE CASCADE,
    container BYTEA NOT NULL
);
