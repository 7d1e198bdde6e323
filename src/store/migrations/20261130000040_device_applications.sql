-- account: whether only browsers that an administrator let in count for the user (R-207).
ALTER TABLE users ADD COLUMN device_designation BIGINT NOT NULL DEFAULT 0;

-- browser: applications of users to let a browser in. One row for each browser and user: a new application takes the place of
-- the one that was decided before.
CREATE TABLE device_applications (
    id TEXT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    agent TEXT NOT NULL,
    address TEXT NOT NULL,
    -- 'pending', 'approved', 'rejected' or 'revoked'.
    state TEXT NOT NULL,
    applied_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    -- What the administrator said to the user.
    reason TEXT,
    -- The registration that came of it.
    browser TEXT,
    UNIQUE (token_hash, user_name)
);
CREATE INDEX device_applications_by_user ON device_applications (user_name);
CREATE INDEX device_applications_by_browser ON device_applications (browser);
