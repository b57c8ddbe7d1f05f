-- What a list of recorded calls shows without reading the recordings, which are large.
ALTER TABLE plugin_recordings ADD COLUMN called VARCHAR(60) NOT NULL DEFAULT '';
ALTER TABLE plugin_recordings ADD COLUMN refused BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE plugin_recordings ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
