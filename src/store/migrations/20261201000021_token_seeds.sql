-- factor: what the tables of a phone follow from (`token_matrix`), one seed for each user whom an approver serves. It goes with
-- its slot.
CREATE TABLE token_seeds (
    approver_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    -- Names this seed to the phone, which asks for another one where it has not got it.
    id TEXT NOT NULL UNIQUE,
    -- 32 bytes, sealed for the place "token_seed/<approver>/<user>".
    seed BYTEA NOT NULL,
    -- The latest step of which an answer was accepted.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (approver_id, user_name),
    FOREIGN KEY (approver_id, user_name) REFERENCES approver_slots (approver_id, user_name) ON DELETE CASCADE
);
CREATE INDEX token_seeds_by_user ON token_seeds (user_name);
