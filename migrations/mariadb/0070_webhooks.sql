-- Addresses of other programs that are told what happens.
CREATE TABLE webhooks (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    url VARCHAR(1000) NOT NULL,
    -- `opportunite.moved`, with commas between.
    events TEXT NOT NULL,
    -- The secret of its signatures, encrypted.
    sealed VARBINARY(400) NOT NULL,
    active BOOLEAN NOT NULL,
    -- Since when every delivery has failed.
    failing_since BIGINT NULL,
    -- When it was switched off because of that.
    switched_off_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    created_by BINARY(16) NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_webhooks_created_by ON webhooks (created_by);

-- The sites whose events are told; without a row those of the whole network.
CREATE TABLE webhook_localisations (
    webhook_id BINARY(16) NOT NULL REFERENCES webhooks (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    PRIMARY KEY (webhook_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_webhook_localisations_site ON webhook_localisations (localisation_id);

-- What is sent, and how it was answered.
CREATE TABLE webhook_deliveries (
    id BINARY(16) NOT NULL PRIMARY KEY,
    webhook_id BINARY(16) NOT NULL REFERENCES webhooks (id),
    -- The job that brought the event: a webhook gets one delivery of it.
    event_uuid BINARY(16) NOT NULL,
    event VARCHAR(60) NOT NULL,
    body TEXT NOT NULL,
    -- `waiting`, `delivered`, `failed`, `dropped`.
    state VARCHAR(20) NOT NULL,
    attempts BIGINT NOT NULL,
    -- The status of the last answer, how long it took, and its beginning or why there is none.
    status BIGINT NULL,
    duration_ms BIGINT NULL,
    answer TEXT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT NULL,
    next_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_webhook_deliveries_event ON webhook_deliveries (webhook_id, event_uuid);
CREATE INDEX ix_webhook_deliveries_created ON webhook_deliveries (created_at);
CREATE INDEX ix_webhook_deliveries_log ON webhook_deliveries (webhook_id, created_at);
