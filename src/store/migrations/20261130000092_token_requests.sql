-- account: one token for one request that names itself.
ALTER TABLE api_tokens ADD COLUMN request TEXT;
CREATE UNIQUE INDEX api_tokens_by_request ON api_tokens (request);
