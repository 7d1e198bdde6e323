-- account: the app that an API token speaks for; NULL: it speaks for whoever has it. One that speaks for an app asks for
-- approvals in its name and opens nothing else.
ALTER TABLE api_tokens ADD COLUMN app TEXT;
