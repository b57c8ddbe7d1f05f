-- How many people are active is counted from the tokens of the last minutes.
CREATE INDEX ix_refresh_tokens_created ON refresh_tokens (created_at, user_id);
