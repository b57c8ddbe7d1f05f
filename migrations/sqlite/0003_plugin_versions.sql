-- Plugins as files that come and go: their versions, who is trusted, what was asked for and consented to, site by site.

-- What came in and may be activated, is active, or was before. `plugins` says which: `version` is the active one, empty
-- for none; `previous` the one a rollback goes to; `settings_version` the one the settings in `plugin_sites` were written for.
CREATE TABLE plugin_versions (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    -- core, partner, private or unsigned: as judged when the file came in.
    level TEXT NOT NULL,
    -- The key that signed it; empty for core and unsigned files.
    key_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    component BLOB NOT NULL,
    -- As JSON; empty for rows older than this column, whose files are read instead.
    manifest TEXT NOT NULL,
    installed_at INTEGER NOT NULL,
    installed_by BLOB NULL REFERENCES users (id),
    PRIMARY KEY (plugin_id, version)
);
INSERT INTO plugin_versions (plugin_id, version, level, key_id, sha256, component, manifest, installed_at)
    SELECT id, version, level, '', sha256, component, '', installed_at FROM plugins;
ALTER TABLE plugins DROP COLUMN level;
ALTER TABLE plugins DROP COLUMN sha256;
ALTER TABLE plugins DROP COLUMN component;
ALTER TABLE plugins ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE plugins ADD COLUMN settings_version TEXT NOT NULL DEFAULT '';
UPDATE plugins SET settings_version = version;

-- Asked in this order on a site, then by plugin id.
ALTER TABLE plugin_sites ADD COLUMN ordinal INTEGER NOT NULL DEFAULT 0;
-- open or closed where an administrator overrides the manifest, else empty.
ALTER TABLE plugin_sites ADD COLUMN on_failure TEXT NOT NULL DEFAULT '';
-- Settings and grants under the version before, for a rollback.
ALTER TABLE plugin_sites ADD COLUMN previous_config TEXT NULL;
ALTER TABLE plugin_sites ADD COLUMN previous_grants TEXT NULL;

-- Grows with every change to what is installed or bound: how each process notices that it must look again.
CREATE TABLE plugin_revision (
    id INTEGER NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
);
INSERT INTO plugin_revision (id, value) VALUES (1, 1);

-- Whose signatures are trusted here.
CREATE TABLE plugin_keys (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    -- partner or private; core is for what is built into the binary.
    level TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by BLOB NULL REFERENCES users (id),
    revoked_at INTEGER NULL,
    revoked_by BLOB NULL REFERENCES users (id)
);

-- Seats the host has switched off after failures, until when, and the how many-th time in a row.
CREATE TABLE plugin_quarantines (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    since_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    relapses INTEGER NOT NULL,
    PRIMARY KEY (plugin_id, localisation_id)
);

-- Labels of a plugin's words, kept so that records stay readable when the plugin is gone.
CREATE TABLE plugin_words (
    plugin_id TEXT NOT NULL,
    -- section, status or transition.
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    label_fr TEXT NOT NULL,
    label_en TEXT NOT NULL,
    PRIMARY KEY (plugin_id, kind, word)
);

-- Jobs plugins have given themselves and that have not ended: what the quota counts, and what a key stands for once.
CREATE TABLE plugin_jobs (
    id BLOB NOT NULL PRIMARY KEY,
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT NULL,
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_plugin_jobs_key ON plugin_jobs (plugin_id, localisation_id, dedupe_key);

-- The next so many pure calls of a seat are recorded, and what has been recorded: a JSON line each.
CREATE TABLE plugin_recorders (
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    wanted INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    asked_by BLOB NULL REFERENCES users (id),
    PRIMARY KEY (plugin_id, localisation_id)
);
CREATE TABLE plugin_recordings (
    id BLOB NOT NULL PRIMARY KEY,
    plugin_id TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    localisation_id BLOB NOT NULL,
    line TEXT NOT NULL
);
CREATE INDEX ix_plugin_recordings_seat ON plugin_recordings (plugin_id, localisation_id, id);
