-- transaction: every request that was held for its own approval, and what became of it. Users may go; what was done stays.
CREATE TABLE transactions (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    name TEXT NOT NULL,
    requester TEXT,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    method TEXT NOT NULL,
    authority TEXT NOT NULL,
    target TEXT NOT NULL,
    request TEXT NOT NULL,
    details TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT NOT NULL,
    status BIGINT,
    answers TEXT NOT NULL DEFAULT '[]',
    receipt TEXT
);
CREATE INDEX transactions_by_time ON transactions (asked_at);
CREATE INDEX transactions_by_requester ON transactions (requester, asked_at);

-- factor: the password that a transaction asks for, another one than that of the sign-in (R-409, R-451).
CREATE TABLE transaction_passwords (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    phc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
