-- acme: an order keeps what validators are answered, as JSON, so that a restart answers them too; and a failure keeps until when the
-- authority itself wants to be left alone, which nobody here shortens (0: it said nothing).
ALTER TABLE acme_orders ADD COLUMN answers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE acme_failures RENAME COLUMN is_demanded TO leave_until;
UPDATE acme_failures SET leave_until = next_at WHERE leave_until = 1;
-- Alarms that administrators were notified of: a restart does not repeat them.
CREATE TABLE acme_alarms (
    -- The names of the certificate, with commas in between.
    names TEXT PRIMARY KEY,
    -- How it stood: ends_soon, ended or missing.
    standing TEXT NOT NULL,
    notified_at BIGINT NOT NULL
);
