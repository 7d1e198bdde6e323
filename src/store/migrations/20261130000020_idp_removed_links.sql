-- idp: links that were removed. A mail address does not link the same person with the same user again; who links them by issuer
-- and subject, as an administrator or as the user, takes the row away.
CREATE TABLE idp_removed_links (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject, user_name)
);
CREATE INDEX idp_removed_links_by_user ON idp_removed_links (user_name);
