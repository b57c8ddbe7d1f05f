-- Where a session began, for the person whose it is. Only the first token of a session says it.
ALTER TABLE refresh_tokens ADD COLUMN agent TEXT NULL;
ALTER TABLE refresh_tokens ADD COLUMN address TEXT NULL;
