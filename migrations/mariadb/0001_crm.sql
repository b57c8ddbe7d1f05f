-- People, places and what they may see.

CREATE TABLE entites_legales (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    siret VARCHAR(14) NULL,
    nda VARCHAR(20) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE localisations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    code VARCHAR(20) NOT NULL,
    name VARCHAR(120) NOT NULL,
    city VARCHAR(120) NOT NULL,
    region VARCHAR(120) NOT NULL,
    address VARCHAR(250) NULL,
    postcode VARCHAR(10) NULL,
    entite_legale_id BINARY(16) NOT NULL REFERENCES entites_legales (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_localisations_code ON localisations (code);

CREATE TABLE users (
    id BINARY(16) NOT NULL PRIMARY KEY,
    email VARCHAR(190) NOT NULL,
    name VARCHAR(150) NOT NULL,
    role VARCHAR(40) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    active BOOLEAN NOT NULL,
    locale VARCHAR(5) NOT NULL,
    -- Tokens issued before this instant are refused: moved forward on logout everywhere, new password, deactivation.
    tokens_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_users_email ON users (email);

CREATE TABLE user_localisations (
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    PRIMARY KEY (user_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_user_localisations_site ON user_localisations (localisation_id);

-- One row per refresh token ever given out in a living family; only its SHA-256 is stored.
CREATE TABLE refresh_tokens (
    hash BINARY(32) NOT NULL PRIMARY KEY,
    family BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    family_expires_at BIGINT NOT NULL,
    used_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX ix_refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX ix_refresh_tokens_expiry ON refresh_tokens (family_expires_at);

-- Failed logins per bucket (account and address, address alone).
CREATE TABLE login_failures (
    bucket VARCHAR(64) NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Companies.

CREATE TABLE entreprises (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    -- Lower case without accents: names, numbers, city, e-mail, phone; what `?q=` looks in.
    search VARCHAR(1000) NOT NULL,
    siren VARCHAR(9) NULL,
    siret VARCHAR(14) NULL,
    vat_number VARCHAR(20) NULL,
    naf_code VARCHAR(10) NULL,
    naf_nomenclature VARCHAR(20) NULL,
    idcc VARCHAR(10) NULL,
    opco VARCHAR(60) NULL,
    kind VARCHAR(30) NULL,
    headcount BIGINT NULL,
    line1 VARCHAR(200) NULL,
    line2 VARCHAR(200) NULL,
    postcode VARCHAR(10) NULL,
    city VARCHAR(120) NULL,
    country VARCHAR(60) NOT NULL,
    phone VARCHAR(40) NULL,
    email VARCHAR(190) NULL,
    website VARCHAR(250) NULL,
    tags TEXT NOT NULL,
    notes TEXT NULL,
    active BOOLEAN NOT NULL,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    origin VARCHAR(40) NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_entreprises_siret ON entreprises (siret);
CREATE INDEX ix_entreprises_name ON entreprises (name, id);
CREATE INDEX ix_entreprises_site ON entreprises (localisation_id, name);
CREATE INDEX ix_entreprises_updated ON entreprises (updated_at, id);

CREATE TABLE contacts (
    id BINARY(16) NOT NULL PRIMARY KEY,
    entreprise_id BINARY(16) NOT NULL REFERENCES entreprises (id) ON DELETE CASCADE,
    first_name VARCHAR(100) NULL,
    last_name VARCHAR(100) NOT NULL,
    job VARCHAR(120) NULL,
    email VARCHAR(190) NULL,
    phone VARCHAR(40) NULL,
    main BOOLEAN NOT NULL,
    position BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_contacts_entreprise ON contacts (entreprise_id, position);

-- Which record of ours is which record over there.
CREATE TABLE external_ids (
    source VARCHAR(60) NOT NULL,
    entity VARCHAR(30) NOT NULL,
    external_id VARCHAR(100) NOT NULL,
    record_id BINARY(16) NOT NULL,
    -- SHA-256 of the fields last taken over: equal means nothing to do.
    digest BINARY(32) NOT NULL,
    synced_at BIGINT NOT NULL,
    missing_since BIGINT NULL,
    PRIMARY KEY (source, entity, external_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_external_ids_record ON external_ids (record_id);

-- The relay. Sections, statuses and facts are words of the workflow plugin; nothing here knows them.

CREATE TABLE opportunites (
    id BINARY(16) NOT NULL PRIMARY KEY,
    numero VARCHAR(20) NOT NULL,
    title VARCHAR(200) NOT NULL,
    search VARCHAR(1000) NOT NULL,
    kind VARCHAR(30) NOT NULL,
    entreprise_id BINARY(16) NOT NULL REFERENCES entreprises (id),
    commercial_id BINARY(16) NOT NULL REFERENCES users (id),
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    section VARCHAR(60) NOT NULL,
    status VARCHAR(60) NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    amount BIGINT NOT NULL,
    budget BIGINT NOT NULL,
    participants BIGINT NULL,
    wished_start CHAR(10) NULL,
    section_since BIGINT NOT NULL,
    due_at BIGINT NULL,
    data MEDIUMTEXT NOT NULL,
    state TEXT NOT NULL,
    workflow_plugin VARCHAR(80) NOT NULL,
    workflow_version VARCHAR(40) NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_opportunites_numero ON opportunites (numero);
CREATE INDEX ix_opportunites_created ON opportunites (created_at, id);
CREATE INDEX ix_opportunites_updated ON opportunites (updated_at, id);
CREATE INDEX ix_opportunites_site_status ON opportunites (localisation_id, status, created_at);
CREATE INDEX ix_opportunites_commercial ON opportunites (commercial_id, status, created_at);
CREATE INDEX ix_opportunites_entreprise ON opportunites (entreprise_id);
CREATE INDEX ix_opportunites_due ON opportunites (due_at);

-- Append-only.
CREATE TABLE historique (
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    at BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    transition VARCHAR(60) NULL,
    source VARCHAR(60) NULL,
    target VARCHAR(60) NULL,
    reason TEXT NULL,
    actor_id BINARY(16) NOT NULL REFERENCES users (id),
    plugin_id VARCHAR(80) NOT NULL,
    plugin_version VARCHAR(40) NOT NULL,
    changes TEXT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_historique_opportunite ON historique (opportunite_id, id);

-- One stay of an opportunité in a section; `ended_at` is empty for the current one.
CREATE TABLE sejours (
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    section VARCHAR(60) NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    returned BOOLEAN NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_sejours_opportunite ON sejours (opportunite_id, started_at);
CREATE INDEX ix_sejours_ended ON sejours (ended_at);

-- What figures are made of; append-only. Who and where are kept as they were on that day.
CREATE TABLE faits (
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    kind VARCHAR(60) NOT NULL,
    day CHAR(10) NOT NULL,
    amount BIGINT NOT NULL,
    label VARCHAR(60) NOT NULL,
    commercial_id BINARY(16) NOT NULL,
    localisation_id BINARY(16) NOT NULL,
    at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_faits_day ON faits (day, id);
CREATE INDEX ix_faits_opportunite ON faits (opportunite_id);

-- A half-day of a trainer or a room; the key itself refuses a double booking.
CREATE TABLE reservations (
    kind VARCHAR(20) NOT NULL,
    resource_id VARCHAR(100) NOT NULL,
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    localisation_id BINARY(16) NOT NULL,
    opportunite_id BINARY(16) NULL REFERENCES opportunites (id),
    reason VARCHAR(200) NULL,
    PRIMARY KEY (kind, resource_id, day, half)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_reservations_opportunite ON reservations (opportunite_id);

-- Unbroken series, e.g. opportunité numbers and invoices; taken in the transaction that uses the number.
CREATE TABLE compteurs (
    serie VARCHAR(60) NOT NULL,
    scope VARCHAR(40) NOT NULL,
    year BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (serie, scope, year)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE formateurs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(150) NOT NULL,
    search VARCHAR(600) NOT NULL,
    email VARCHAR(190) NULL,
    phone VARCHAR(40) NULL,
    kind VARCHAR(20) NOT NULL,
    skills TEXT NOT NULL,
    certifications TEXT NOT NULL,
    unavailability TEXT NOT NULL,
    hourly_rate BIGINT NULL,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_formateurs_site ON formateurs (localisation_id, name);

CREATE TABLE objectifs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    metric VARCHAR(60) NOT NULL,
    period_kind VARCHAR(10) NOT NULL,
    first_day CHAR(10) NOT NULL,
    last_day CHAR(10) NOT NULL,
    target BIGINT NOT NULL,
    user_id BINARY(16) NULL REFERENCES users (id),
    localisation_id BINARY(16) NULL REFERENCES localisations (id),
    -- `user:<id>` or `site:<id>`: a key that both engines keep unique.
    holder VARCHAR(50) NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_objectifs_holder ON objectifs (holder, metric, first_day, last_day);
CREATE INDEX ix_objectifs_period ON objectifs (first_day, last_day);

CREATE TABLE notifications (
    id BINARY(16) NOT NULL PRIMARY KEY,
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind VARCHAR(60) NOT NULL,
    title_fr VARCHAR(300) NOT NULL,
    title_en VARCHAR(300) NOT NULL,
    body_fr TEXT NOT NULL,
    body_en TEXT NOT NULL,
    link VARCHAR(300) NOT NULL,
    dedupe_key VARCHAR(150) NOT NULL,
    -- Shown in the app; otherwise the row only remembers that somebody was told by mail.
    app BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_notifications_dedupe ON notifications (user_id, dedupe_key);
CREATE INDEX ix_notifications_user ON notifications (user_id, id);
CREATE INDEX ix_notifications_unread ON notifications (user_id, read_at);

CREATE TABLE notification_preferences (
    user_id BINARY(16) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind VARCHAR(60) NOT NULL,
    app BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Plugins: what is installed, and what each site made of it. A connector is bound to the network: the nil site.

CREATE TABLE plugins (
    id VARCHAR(80) NOT NULL PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    version VARCHAR(40) NOT NULL,
    level VARCHAR(20) NOT NULL,
    sha256 CHAR(64) NOT NULL,
    component LONGBLOB NOT NULL,
    installed_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE plugin_sites (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    enabled BOOLEAN NOT NULL,
    config TEXT NOT NULL,
    -- Capabilities an administrator has agreed to, as a JSON list of their words.
    grants TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Sealed with the installation's key (XChaCha20-Poly1305); the value never leaves the host.
CREATE TABLE plugin_secrets (
    plugin_id VARCHAR(80) NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BINARY(16) NOT NULL,
    name VARCHAR(80) NOT NULL,
    sealed BLOB NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE plugin_kv (
    plugin_id VARCHAR(80) NOT NULL,
    localisation_id BINARY(16) NOT NULL,
    -- Trailing spaces count; values have up to 64 KiB, one byte more than a BLOB takes.
    name VARCHAR(256) COLLATE utf8mb4_nopad_bin NOT NULL,
    content MEDIUMBLOB NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Synchronisation: one run, what it found, what was done about it, and how to take it back.

CREATE TABLE connecteurs (
    plugin_id VARCHAR(80) NOT NULL PRIMARY KEY,
    cron VARCHAR(60) NULL,
    cron_enabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE sync_runs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    plugin_id VARCHAR(80) NOT NULL,
    mode VARCHAR(10) NOT NULL,
    origin VARCHAR(10) NOT NULL,
    entities TEXT NOT NULL,
    state VARCHAR(12) NOT NULL,
    -- The plugin's id while the run is under way, else empty: at most one at a time.
    active_key VARCHAR(80) NULL,
    entity VARCHAR(30) NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    counts TEXT NOT NULL,
    message_fr TEXT NULL,
    message_en TEXT NULL,
    user_id BINARY(16) NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    started_at BIGINT NULL,
    finished_at BIGINT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_sync_runs_active ON sync_runs (active_key);
CREATE INDEX ix_sync_runs_plugin ON sync_runs (plugin_id, id);

CREATE TABLE sync_changes (
    run_id BINARY(16) NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    entity VARCHAR(30) NOT NULL,
    external_id VARCHAR(100) NOT NULL,
    parent VARCHAR(100) NOT NULL,
    action VARCHAR(12) NOT NULL,
    label VARCHAR(250) NOT NULL,
    record_id BINARY(16) NULL,
    digest BINARY(32) NULL,
    before_fields TEXT NULL,
    after_fields TEXT NULL,
    reason_fr TEXT NULL,
    reason_en TEXT NULL,
    applied_at BIGINT NULL,
    PRIMARY KEY (run_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_sync_changes_action ON sync_changes (run_id, action, seq);

CREATE TABLE sync_log (
    run_id BINARY(16) NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    level VARCHAR(10) NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
