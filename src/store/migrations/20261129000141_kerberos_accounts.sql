-- factor: the account of Active Directory whose tickets are a user's, by its SID: it keeps that through every renaming.
CREATE TABLE kerberos_accounts (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    sid TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    tied_at BIGINT NOT NULL
);
