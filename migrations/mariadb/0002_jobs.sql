-- Work handed over in the transaction that caused it; the relay moves it to the queue and deletes the row.
CREATE TABLE outbox (
    id BINARY(16) NOT NULL PRIMARY KEY,
    queue VARCHAR(60) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    payload MEDIUMTEXT NOT NULL,
    priority BIGINT NOT NULL,
    run_at BIGINT NULL,
    dedupe_key VARCHAR(150) NULL,
    max_attempts BIGINT NOT NULL,
    correlation_id VARCHAR(100) NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The SQL queue. A job's id is its outbox row's.
CREATE TABLE jobs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    queue VARCHAR(60) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    -- delayed, waiting, active, completed or dead
    state VARCHAR(10) NOT NULL,
    payload MEDIUMTEXT NOT NULL,
    priority BIGINT NOT NULL,
    -- The instant that matters in this state: delayed: when it falls due; waiting: since when it is due; active: when the lease
    -- runs out; completed and dead: when it finished.
    due_at BIGINT NOT NULL,
    run_at BIGINT NULL,
    -- Held while the job waits or runs, given up at its end.
    dedupe_key VARCHAR(150) NULL,
    attempt BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    crashes BIGINT NOT NULL,
    progress BIGINT NULL,
    error TEXT NULL,
    -- Who works on it and the secret only that worker's current claim knows.
    worker VARCHAR(100) NULL,
    token BINARY(16) NULL,
    correlation_id VARCHAR(100) NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT NULL,
    finished_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_jobs_claim ON jobs (state, queue, priority, due_at, id);
CREATE INDEX ix_jobs_due ON jobs (state, due_at);
CREATE UNIQUE INDEX uq_jobs_dedupe ON jobs (queue, dedupe_key);

CREATE TABLE paused_queues (
    queue VARCHAR(60) NOT NULL PRIMARY KEY,
    paused_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Work that comes round: each tick is claimed by moving next_at, so several nodes enqueue it once.
CREATE TABLE schedules (
    id VARCHAR(120) NOT NULL PRIMARY KEY,
    cron VARCHAR(100) NOT NULL,
    queue VARCHAR(60) NOT NULL,
    kind VARCHAR(80) NOT NULL,
    payload MEDIUMTEXT NOT NULL,
    priority BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_schedules_next ON schedules (next_at);
