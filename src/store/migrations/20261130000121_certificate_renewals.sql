-- certificate: which one a certificate follows (R-252), and which reminders of its end were written.
ALTER TABLE certificates ADD COLUMN renews TEXT;

-- One row for each end and each number of days before it, so that a reminder is written once, also by two gateways.
CREATE TABLE certificate_reminders (
    fingerprint TEXT NOT NULL REFERENCES certificates (fingerprint) ON DELETE CASCADE,
    ends BIGINT NOT NULL,
    days BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (fingerprint, ends, days)
);
