-- The place in a trace that a job continues (W3C Trace Context).
ALTER TABLE outbox ADD COLUMN trace_parent VARCHAR(55) NULL;
ALTER TABLE jobs ADD COLUMN trace_parent VARCHAR(55) NULL;
