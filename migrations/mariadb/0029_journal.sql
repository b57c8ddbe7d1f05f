-- Every act is one line: who did what to which record, from what to what, and why. Written by `platform/journal`, in
-- the transaction of the act, and never changed: each line carries the hash of the line before it on the same record.
CREATE TABLE journal (
    id BINARY(16) NOT NULL PRIMARY KEY,
    -- The kind of record, e.g. `opportunite`, and its id: 16 bytes, or a word (a plugin, a queue).
    subject_kind VARCHAR(30) NOT NULL,
    subject_id VARBINARY(120) NOT NULL,
    -- From 1, without a gap.
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- Where; empty for what belongs to the network.
    localisation_id BINARY(16) NULL REFERENCES localisations (id),
    -- `person`, `plugin`, `connector`, `import` or `host`, and its id: 16 bytes, or a word.
    actor_kind VARCHAR(20) NOT NULL,
    actor_id VARBINARY(120) NOT NULL,
    act VARCHAR(40) NOT NULL,
    -- Of moves: words of the workflow.
    transition VARCHAR(60) NULL,
    source VARCHAR(60) NULL,
    target VARCHAR(60) NULL,
    reason TEXT NULL,
    -- JSON: `[{field, from, to}]`; of a refusal what was said.
    changes MEDIUMTEXT NULL,
    -- JSON: the hooks that were asked, and what they answered.
    hooks TEXT NULL,
    -- The plugin that decided.
    plugin_id VARCHAR(80) NOT NULL,
    plugin_version VARCHAR(40) NOT NULL,
    correlation_id VARCHAR(200) NOT NULL,
    -- SHA-256 in hexadecimal digits, over the line before and this one. Empty: from before lines were chained; the
    -- program fills it in when it starts.
    hash CHAR(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_journal_seq ON journal (subject_kind, subject_id, seq);
CREATE INDEX ix_journal_at ON journal (at, id);
CREATE INDEX ix_journal_site ON journal (localisation_id, at);
CREATE INDEX ix_journal_actor ON journal (actor_kind, actor_id, at);
CREATE INDEX ix_journal_hash ON journal (hash);

INSERT INTO journal (id, subject_kind, subject_id, seq, at, localisation_id, actor_kind, actor_id, act, transition, source, target, reason,
    changes, hooks, plugin_id, plugin_version, correlation_id, hash)
SELECT h.id, 'opportunite', h.opportunite_id, ROW_NUMBER() OVER (PARTITION BY h.opportunite_id ORDER BY h.at, h.id), h.at, o.localisation_id,
    'person', h.actor_id, h.kind, h.transition, h.source, h.target, h.reason, h.changes, h.hooks, h.plugin_id, h.plugin_version, '', ''
FROM historique h JOIN opportunites o ON o.id = h.opportunite_id;
DROP TABLE historique;
