-- certificate: the revocation lists of files that were good, by the bundle that names them: they stand in where a file cannot be
-- used any more. Nothing of them is secret; their signatures are verified again whenever they are read from here.
CREATE TABLE revocation_list_files (
    -- The table below [trust].
    trust TEXT NOT NULL,
    -- The file, as it is looked for.
    path TEXT NOT NULL,
    -- One list in DER, or any number in PEM.
    document BYTEA NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (trust, path)
);
