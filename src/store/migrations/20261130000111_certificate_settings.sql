-- account: how a user stands to client certificates: 'required' (selected: policies that demand one of selected users demand it
-- of this one), 'accepted' or 'refused' (R-229). Nobody is selected by this.
ALTER TABLE users ADD COLUMN certificates TEXT NOT NULL DEFAULT 'accepted';
UPDATE users SET certificates = 'refused' WHERE certificate_switch = 0;
ALTER TABLE users DROP COLUMN certificate_switch;
-- Whether a group selects all its members.
ALTER TABLE user_groups ADD COLUMN certificates_required BIGINT NOT NULL DEFAULT 0;
