-- certificate: the network that a certificate of nobody we know was shown from, which bounds their number; empty for one that
-- an authority of ours stands behind, or that is in the register.
ALTER TABLE certificate_sightings ADD COLUMN stranger_from TEXT NOT NULL DEFAULT '';
CREATE INDEX certificate_sightings_of_strangers ON certificate_sightings (stranger_from, last_seen);
