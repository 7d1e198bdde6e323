-- factor: since when a user who had a second factor, or never had one, has none; no row: nobody saw it yet.
CREATE TABLE second_factor_graces (
    user_name TEXT PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE,
    since BIGINT NOT NULL
);
