-- acme: certificates of the gateway itself that authorities issue by ACME (RFC 8555), and what is needed to get the next one.
CREATE TABLE acme_accounts (
    -- The URL of the authority's directory.
    directory TEXT PRIMARY KEY,
    -- The account's URL and key, sealed.
    credentials BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE TABLE acme_certificates (
    id TEXT PRIMARY KEY,
    -- The names that it is for, sorted, with commas in between.
    names TEXT NOT NULL,
    -- The authority that issued it: the URL of its directory.
    directory TEXT NOT NULL,
    -- The chain as PEM, the certificate first.
    chain TEXT NOT NULL,
    -- The private key, PKCS#8, sealed.
    private_key BYTEA NOT NULL,
    -- It is used from here on: a little after its begin, where another one serves until then.
    use_from BIGINT NOT NULL,
    issued_at BIGINT NOT NULL
);
CREATE INDEX acme_certificates_by_names ON acme_certificates (names);
-- An order that was begun: gone on with after a restart, an outage or a time-out.
CREATE TABLE acme_orders (
    names TEXT NOT NULL,
    directory TEXT NOT NULL,
    url TEXT NOT NULL,
    -- The key that the certificate is asked for with, PKCS#8, sealed.
    private_key BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (names, directory)
);
-- What went wrong last at an authority, and when it is asked again.
CREATE TABLE acme_failures (
    names TEXT NOT NULL,
    directory TEXT NOT NULL,
    failures BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    -- 1 where the authority said how long to wait.
    is_demanded BIGINT NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    failed_at BIGINT NOT NULL,
    PRIMARY KEY (names, directory)
);
-- Names for which an administrator asked for a new certificate before its time.
CREATE TABLE acme_asked (
    names TEXT PRIMARY KEY
);
