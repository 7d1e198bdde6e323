-- factor: by which method a user passed check 6 last; the next time it is asked for first. No row: not yet.
CREATE TABLE last_second_factors (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    method TEXT NOT NULL
);
