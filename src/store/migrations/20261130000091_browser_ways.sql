-- browser: every way in which a browser was registered for its user. `way` and `registered_with` of `browsers` say the latest.
CREATE TABLE browser_ways (
    browser TEXT NOT NULL REFERENCES browsers (id) ON DELETE CASCADE,
    way TEXT NOT NULL,
    -- With which credential: "method/credential".
    registered_with TEXT,
    registered_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (browser, way)
);
INSERT INTO browser_ways (browser, way, registered_with, registered_at, expires_at)
    SELECT id, way, registered_with, registered_at, expires_at FROM browsers;
