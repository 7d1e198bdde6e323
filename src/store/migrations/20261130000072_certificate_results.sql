-- certificate: how check 2 ended for each user (R-241, R-242): of each certificate and each outcome the last time.
CREATE TABLE certificate_results (
    -- The fingerprint or `none`, the outcome, the reason and the user, with `/` between them.
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL,
    -- Empty: no certificate was presented.
    fingerprint TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL,
    -- Why it did not pass; empty where it did.
    reason TEXT NOT NULL,
    app TEXT NOT NULL,
    address TEXT NOT NULL,
    -- What a search for a text looks into, in small letters: the user and the subject.
    search TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX certificate_results_by_time ON certificate_results (last_at, id);
CREATE INDEX certificate_results_by_user ON certificate_results (user_name, last_at);
CREATE INDEX certificate_sightings_by_time ON certificate_sightings (last_seen);
