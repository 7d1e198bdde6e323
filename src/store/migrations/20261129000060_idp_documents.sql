-- idp: what each provider said of itself the last time it could be read: used after a start while it does not answer. Public
-- documents, as they came; they are judged again whenever they are read from here.
CREATE TABLE idp_documents (
    -- The provider's name in the config.
    provider TEXT PRIMARY KEY,
    -- Its issuer then: documents of another issuer are not used.
    issuer TEXT NOT NULL,
    discovery BYTEA NOT NULL,
    keys BYTEA NOT NULL,
    read_at BIGINT NOT NULL
);
