-- directory: which entry of a directory (objectGUID, entryUUID, nsUniqueId) a user is, from the first sign-in on. Another entry
-- that gets the same name later is another person.
CREATE TABLE directory_accounts (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    directory TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    dn TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    -- 1: the user is switched off here because the directory says so.
    switched_off BIGINT NOT NULL,
    UNIQUE (directory, entry_id)
);
