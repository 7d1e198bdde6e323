-- account: from where a user signed in of late; a sign-in from elsewhere is told to the user.
CREATE TABLE places (
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    -- An IPv4 /24 or an IPv6 /48.
    network TEXT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (user_name, network)
);
