-- The job that carries a run on: when it is dead or gone, the run is given up instead of standing in the way of the next ones.
ALTER TABLE sync_runs ADD COLUMN job_id BLOB NULL;
