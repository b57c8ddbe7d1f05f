-- The last day on which a file of a trainer is valid: of a certificate or an authorisation. ISO day.
ALTER TABLE attachments ADD COLUMN expires_on CHAR(10) NULL;
