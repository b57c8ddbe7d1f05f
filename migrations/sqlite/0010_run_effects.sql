-- The notes, jobs and events the plugin set down while it fetched (JSON), until the run is applied: a preview uses nothing up.
ALTER TABLE sync_runs ADD COLUMN effects TEXT NULL;
