-- Work handed over in the transaction that caused it; the relay moves it to the queue and deletes the row.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    run_at INTEGER NULL,
    dedupe_key TEXT NULL,
    max_attempts INTEGER NOT NULL,
    correlation_id TEXT NULL,
    created_at INTEGER NOT NULL
);

-- The SQL queue. A job's id is its outbox row's.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- delayed, waiting, active, completed or dead
    state TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    -- The instant that matters in this state: delayed: when it falls due; waiting: since when it is due; active: when the lease
    -- runs out; completed and dead: when it finished.
    due_at INTEGER NOT NULL,
    run_at INTEGER NULL,
    -- Held while the job waits or runs, given up at its end.
    dedupe_key TEXT NULL,
    attempt INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    crashes INTEGER NOT NULL,
    progress INTEGER NULL,
    error TEXT NULL,
    -- Who works on it and the secret only that worker's current claim knows.
    worker TEXT NULL,
    token BLOB NULL,
    correlation_id TEXT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER NULL,
    finished_at INTEGER NULL
);
CREATE INDEX ix_jobs_claim ON jobs (state, queue, priority, due_at, id);
CREATE INDEX ix_jobs_due ON jobs (state, due_at);
CREATE UNIQUE INDEX uq_jobs_dedupe ON jobs (queue, dedupe_key);

CREATE TABLE paused_queues (
    queue TEXT NOT NULL PRIMARY KEY,
    paused_at INTEGER NOT NULL
);

-- Work that comes round: each tick is claimed by moving next_at, so several nodes enqueue it once.
CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    cron TEXT NOT NULL,
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    last_at INTEGER NULL
);
CREATE INDEX ix_schedules_next ON schedules (next_at);
