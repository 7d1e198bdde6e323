-- certificate: results are kept for each app, with what stood behind the certificate: so that it can be said later where it passes.
UPDATE certificate_results SET id = CASE fingerprint WHEN '' THEN 'none' ELSE fingerprint END || '/' || outcome || '/' || reason || '/'
    || app || '/' || user_name;
-- The names of the bundles that led to it, JSON; empty where that was not noted, or none did.
ALTER TABLE certificate_results ADD COLUMN trusted_by TEXT NOT NULL DEFAULT '';
-- The end that it says itself, as far as that was noted.
ALTER TABLE certificate_results ADD COLUMN not_after BIGINT;
-- Whether the register said whose it was.
ALTER TABLE certificate_results ADD COLUMN registered BIGINT NOT NULL DEFAULT 0;
