-- account: networks that an app, and the members of a group, may or may not be used from; `allowed` as in user_networks.
CREATE TABLE app_networks (
    app TEXT NOT NULL,
    network TEXT NOT NULL,
    allowed BIGINT NOT NULL,
    note TEXT,
    PRIMARY KEY (app, network, allowed)
);
CREATE TABLE group_networks (
    group_name TEXT NOT NULL REFERENCES user_groups (name) ON DELETE CASCADE,
    network TEXT NOT NULL,
    allowed BIGINT NOT NULL,
    note TEXT,
    PRIMARY KEY (group_name, network, allowed)
);
-- What an administrator wrote beside a network.
ALTER TABLE user_networks ADD COLUMN note TEXT;
