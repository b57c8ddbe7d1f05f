-- People, places and what they may see.

CREATE TABLE entites_legales (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    siret TEXT NULL,
    nda TEXT NULL
);

CREATE TABLE localisations (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT NOT NULL,
    address TEXT NULL,
    postcode TEXT NULL,
    entite_legale_id BLOB NOT NULL REFERENCES entites_legales (id)
);
CREATE UNIQUE INDEX uq_localisations_code ON localisations (code);

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    locale TEXT NOT NULL,
    -- Tokens issued before this instant are refused: moved forward on logout everywhere, new password, deactivation.
    tokens_from INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_login_at INTEGER NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_users_email ON users (email);

CREATE TABLE user_localisations (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    PRIMARY KEY (user_id, localisation_id)
);
CREATE INDEX ix_user_localisations_site ON user_localisations (localisation_id);

-- One row per refresh token ever given out in a living family; only its SHA-256 is stored.
CREATE TABLE refresh_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    family BLOB NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    family_expires_at INTEGER NOT NULL,
    used_at INTEGER NULL
);
CREATE INDEX ix_refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX ix_refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX ix_refresh_tokens_expiry ON refresh_tokens (family_expires_at);

-- Failed logins per bucket (account and address, address alone).
CREATE TABLE login_failures (
    bucket TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
);

-- Companies.

CREATE TABLE entreprises (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Lower case without accents: names, numbers, city, e-mail, phone; what `?q=` looks in.
    search TEXT NOT NULL,
    siren TEXT NULL,
    siret TEXT NULL,
    vat_number TEXT NULL,
    naf_code TEXT NULL,
    naf_nomenclature TEXT NULL,
    idcc TEXT NULL,
    opco TEXT NULL,
    kind TEXT NULL,
    headcount INTEGER NULL,
    line1 TEXT NULL,
    line2 TEXT NULL,
    postcode TEXT NULL,
    city TEXT NULL,
    country TEXT NOT NULL,
    phone TEXT NULL,
    email TEXT NULL,
    website TEXT NULL,
    tags TEXT NOT NULL,
    notes TEXT NULL,
    active BOOLEAN NOT NULL,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_entreprises_siret ON entreprises (siret);
CREATE INDEX ix_entreprises_name ON entreprises (name, id);
CREATE INDEX ix_entreprises_site ON entreprises (localisation_id, name);
CREATE INDEX ix_entreprises_updated ON entreprises (updated_at, id);

CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY,
    entreprise_id BLOB NOT NULL REFERENCES entreprises (id) ON DELETE CASCADE,
    first_name TEXT NULL,
    last_name TEXT NOT NULL,
    job TEXT NULL,
    email TEXT NULL,
    phone TEXT NULL,
    main BOOLEAN NOT NULL,
    position INTEGER NOT NULL
);
CREATE INDEX ix_contacts_entreprise ON contacts (entreprise_id, position);

-- Which record of ours is which record over there.
CREATE TABLE external_ids (
    source TEXT NOT NULL,
    entity TEXT NOT NULL,
    external_id TEXT NOT NULL,
    record_id BLOB NOT NULL,
    -- SHA-256 of the fields last taken over: equal means nothing to do.
    digest BLOB NOT NULL,
    synced_at INTEGER NOT NULL,
    missing_since INTEGER NULL,
    PRIMARY KEY (source, entity, external_id)
);
CREATE INDEX ix_external_ids_record ON external_ids (record_id);

-- The relay. Sections, statuses and facts are words of the workflow plugin; nothing here knows them.

CREATE TABLE opportunites (
    id BLOB NOT NULL PRIMARY KEY,
    numero TEXT NOT NULL,
    title TEXT NOT NULL,
    search TEXT NOT NULL,
    kind TEXT NOT NULL,
    entreprise_id BLOB NOT NULL REFERENCES entreprises (id),
    commercial_id BLOB NOT NULL REFERENCES users (id),
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    section TEXT NOT NULL,
    status TEXT NOT NULL,
    outcome TEXT NOT NULL,
    amount INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    participants INTEGER NULL,
    wished_start TEXT NULL,
    section_since INTEGER NOT NULL,
    due_at INTEGER NULL,
    data TEXT NOT NULL,
    state TEXT NOT NULL,
    workflow_plugin TEXT NOT NULL,
    workflow_version TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_opportunites_numero ON opportunites (numero);
CREATE INDEX ix_opportunites_created ON opportunites (created_at, id);
CREATE INDEX ix_opportunites_updated ON opportunites (updated_at, id);
CREATE INDEX ix_opportunites_site_status ON opportunites (localisation_id, status, created_at);
CREATE INDEX ix_opportunites_commercial ON opportunites (commercial_id, status, created_at);
CREATE INDEX ix_opportunites_entreprise ON opportunites (entreprise_id);
CREATE INDEX ix_opportunites_due ON opportunites (due_at);

-- Append-only.
CREATE TABLE historique (
    id BLOB NOT NULL PRIMARY KEY,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    transition TEXT NULL,
    source TEXT NULL,
    target TEXT NULL,
    reason TEXT NULL,
    actor_id BLOB NOT NULL REFERENCES users (id),
    plugin_id TEXT NOT NULL,
    plugin_version TEXT NOT NULL,
    changes TEXT NULL
);
CREATE INDEX ix_historique_opportunite ON historique (opportunite_id, id);

-- One stay of an opportunité in a section; `ended_at` is empty for the current one.
CREATE TABLE sejours (
    id BLOB NOT NULL PRIMARY KEY,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    section TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NULL,
    returned BOOLEAN NOT NULL
);
CREATE INDEX ix_sejours_opportunite ON sejours (opportunite_id, started_at);
CREATE INDEX ix_sejours_ended ON sejours (ended_at);

-- What figures are made of; append-only. Who and where are kept as they were on that day.
CREATE TABLE faits (
    id BLOB NOT NULL PRIMARY KEY,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    label TEXT NOT NULL,
    commercial_id BLOB NOT NULL,
    localisation_id BLOB NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX ix_faits_day ON faits (day, id);
CREATE INDEX ix_faits_opportunite ON faits (opportunite_id);

-- A half-day of a trainer or a room; the key itself refuses a double booking.
CREATE TABLE reservations (
    kind TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    localisation_id BLOB NOT NULL,
    opportunite_id BLOB NULL REFERENCES opportunites (id),
    reason TEXT NULL,
    PRIMARY KEY (kind, resource_id, day, half)
);
CREATE INDEX ix_reservations_opportunite ON reservations (opportunite_id);

-- Unbroken series, e.g. opportunité numbers and invoices; taken in the transaction that uses the number.
CREATE TABLE compteurs (
    serie TEXT NOT NULL,
    scope TEXT NOT NULL,
    year INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (serie, scope, year)
);

CREATE TABLE formateurs (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    email TEXT NULL,
    phone TEXT NULL,
    kind TEXT NOT NULL,
    skills TEXT NOT NULL,
    certifications TEXT NOT NULL,
    unavailability TEXT NOT NULL,
    hourly_rate INTEGER NULL,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_formateurs_site ON formateurs (localisation_id, name);

CREATE TABLE objectifs (
    id BLOB NOT NULL PRIMARY KEY,
    metric TEXT NOT NULL,
    period_kind TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    target INTEGER NOT NULL,
    user_id BLOB NULL REFERENCES users (id),
    localisation_id BLOB NULL REFERENCES localisations (id),
    -- `user:<id>` or `site:<id>`: a key that both engines keep unique.
    holder TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_objectifs_holder ON objectifs (holder, metric, first_day, last_day);
CREATE INDEX ix_objectifs_period ON objectifs (first_day, last_day);

CREATE TABLE notifications (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    title_fr TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_fr TEXT NOT NULL,
    body_en TEXT NOT NULL,
    link TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    -- Shown in the app; otherwise the row only remembers that somebody was told by mail.
    app BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL,
    read_at INTEGER NULL
);
CREATE UNIQUE INDEX uq_notifications_dedupe ON notifications (user_id, dedupe_key);
CREATE INDEX ix_notifications_user ON notifications (user_id, id);
CREATE INDEX ix_notifications_unread ON notifications (user_id, read_at);

CREATE TABLE notification_preferences (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    app BOOLEAN NOT NULL,
    email BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- Plugins: what is installed, and what each site made of it. A connector is bound to the network: the nil site.

CREATE TABLE plugins (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    level TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    component BLOB NOT NULL,
    installed_at INTEGER NOT NULL
);

CREATE TABLE plugin_sites (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    enabled BOOLEAN NOT NULL,
    config TEXT NOT NULL,
    -- Capabilities an administrator has agreed to, as a JSON list of their words.
    grants TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id)
);

-- Sealed with the installation's key (XChaCha20-Poly1305); the value never leaves the host.
CREATE TABLE plugin_secrets (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
);

CREATE TABLE plugin_kv (
    plugin_id TEXT NOT NULL,
    localisation_id BLOB NOT NULL,
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id, name)
);

-- Synchronisation: one run, what it found, what was done about it, and how to take it back.

CREATE TABLE connecteurs (
    plugin_id TEXT NOT NULL PRIMARY KEY,
    cron TEXT NULL,
    cron_enabled BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE sync_runs (
    id BLOB NOT NULL PRIMARY KEY,
    plugin_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    origin TEXT NOT NULL,
    entities TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The plugin's id while the run is under way, else empty: at most one at a time.
    active_key TEXT NULL,
    entity TEXT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    counts TEXT NOT NULL,
    message_fr TEXT NULL,
    message_en TEXT NULL,
    user_id BLOB NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    started_at INTEGER NULL,
    finished_at INTEGER NULL
);
CREATE UNIQUE INDEX uq_sync_runs_active ON sync_runs (active_key);
CREATE INDEX ix_sync_runs_plugin ON sync_runs (plugin_id, id);

CREATE TABLE sync_changes (
    run_id BLOB NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    entity TEXT NOT NULL,
    external_id TEXT NOT NULL,
    parent TEXT NOT NULL,
    action TEXT NOT NULL,
    label TEXT NOT NULL,
    record_id BLOB NULL,
    digest BLOB NULL,
    before_fields TEXT NULL,
    after_fields TEXT NULL,
    reason_fr TEXT NULL,
    reason_en TEXT NULL,
    applied_at INTEGER NULL,
    PRIMARY KEY (run_id, seq)
);
CREATE INDEX ix_sync_changes_action ON sync_changes (run_id, action, seq);

CREATE TABLE sync_log (
    run_id BLOB NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);
