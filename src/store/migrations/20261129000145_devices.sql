-- device: keys that browsers hold and never give away (Device Bound Session Credentials). Nothing in here is secret.
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    -- The host that it was made for: the portal, or the name of an app.
    scope TEXT NOT NULL,
    -- The public key, as JWK (RFC 7517).
    public_key TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- When its browser first showed the cookie that it got; NULL: not yet, and until then it binds nothing.
    shown_at BIGINT,
    -- When it last proved the key; NULL: not since it was made.
    refreshed_at BIGINT
);

-- session: the device that a cookie is bound to. A cookie whose device is gone opens nothing.
ALTER TABLE session_tokens ADD COLUMN device TEXT;

-- browser: the device that a registration is bound to.
ALTER TABLE browsers ADD COLUMN device TEXT;
