-- session: what a cookie's session had proved when the cookie was given out; NULL for those from before that was kept, which
-- stand for what the session has proved until the next rise.
ALTER TABLE session_tokens ADD COLUMN evidence TEXT;

-- browser: with what it was registered, `method/credential`; NULL for those from before that was kept.
ALTER TABLE browsers ADD COLUMN registered_with TEXT;
