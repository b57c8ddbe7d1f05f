-- The place in a trace that a job continues (W3C Trace Context).
ALTER TABLE outbox ADD COLUMN trace_parent TEXT NULL;
ALTER TABLE jobs ADD COLUMN trace_parent TEXT NULL;
