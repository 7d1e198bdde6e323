-- certificate: the revocation lists that addresses published, as they came: used after a start until they are fetched again.
-- Nothing of them is secret; their signatures are verified again whenever they are read from here.
CREATE TABLE revocation_lists (
    -- The address, as the config names it.
    url TEXT PRIMARY KEY,
    -- One list in DER, or any number in PEM.
    document BYTEA NOT NULL,
    -- The validator of this version (ETag), where the server names one.
    etag TEXT,
    read_at BIGINT NOT NULL
);
