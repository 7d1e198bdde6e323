-- certificate: sightings in the order that lists have, of all, of a user and of a certificate: a page is read from its place in
-- the index, however many rows there are.
DROP INDEX certificate_sightings_by_time;
CREATE INDEX certificate_sightings_by_time ON certificate_sightings (last_seen DESC, fingerprint, user_name);
CREATE INDEX certificate_sightings_by_user ON certificate_sightings (user_name, last_seen DESC, fingerprint);
CREATE INDEX certificate_sightings_by_certificate ON certificate_sightings (fingerprint, last_seen DESC, user_name);
