-- The people who are trained for an opportunité.
CREATE TABLE stagiaires (
    id BLOB NOT NULL PRIMARY KEY,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    -- "Last First", and the key that lists sort it by.
    name TEXT NOT NULL,
    name_key BLOB NOT NULL,
    -- Lower case without accents: name, company and e-mail; what `?q=` looks in.
    search TEXT NOT NULL,
    -- ISO day.
    birth_date TEXT NULL,
    email TEXT NULL,
    phone TEXT NULL,
    company TEXT NULL,
    job TEXT NULL,
    status TEXT NULL,
    -- Special needs. Only who may edit the record reads them.
    needs TEXT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_stagiaires_opportunite ON stagiaires (opportunite_id, name_key, id);
CREATE INDEX ix_stagiaires_name_key ON stagiaires (name_key, id);

-- Training sessions of a site. Several opportunités may take part in one.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    localisation_id BLOB NOT NULL REFERENCES localisations (id),
    numero TEXT NOT NULL,
    -- Lower case without accents and double spaces: one number, one session of the site.
    numero_norm TEXT NOT NULL,
    title TEXT NOT NULL,
    -- What lists sort the title by.
    title_key BLOB NOT NULL,
    search TEXT NOT NULL,
    programme TEXT NULL,
    capacity_min INTEGER NULL,
    capacity_max INTEGER NULL,
    status TEXT NOT NULL,
    -- Did a person create it? Otherwise a planning did, and it goes when no planning names it.
    standalone BOOLEAN NOT NULL,
    -- ISO days of the first and the last half-day.
    first_day TEXT NULL,
    last_day TEXT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_sessions_numero ON sessions (localisation_id, numero_norm);
CREATE INDEX ix_sessions_first_day ON sessions (first_day, id);
CREATE INDEX ix_sessions_title_key ON sessions (title_key, id);

-- The opportunités of a session, and the section whose document names it.
CREATE TABLE session_opportunites (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    section TEXT NOT NULL,
    PRIMARY KEY (session_id, opportunite_id)
);
CREATE INDEX ix_session_opportunites_opportunite ON session_opportunites (opportunite_id);

-- The rows of each planning: who teaches where on which half-day.
CREATE TABLE session_plans (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    -- From 1, as in the document.
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    -- The id of a trainer or room, or the text of the document.
    formateur TEXT NULL,
    salle TEXT NULL,
    PRIMARY KEY (session_id, opportunite_id, position)
);
CREATE INDEX ix_session_plans_formateur ON session_plans (formateur, day);

-- The half-days of a session, each once, with its times in minutes after midnight.
CREATE TABLE session_half_days (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    start_minute INTEGER NOT NULL,
    end_minute INTEGER NOT NULL,
    PRIMARY KEY (session_id, day, half)
);

CREATE TABLE session_stagiaires (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    stagiaire_id BLOB NOT NULL REFERENCES stagiaires (id),
    PRIMARY KEY (session_id, stagiaire_id)
);
CREATE INDEX ix_session_stagiaires_stagiaire ON session_stagiaires (stagiaire_id);

-- Who was there. No row: nobody has said yet.
CREATE TABLE attendance (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    stagiaire_id BLOB NOT NULL REFERENCES stagiaires (id),
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Minutes missed by somebody who came late; otherwise 0.
    late_minutes INTEGER NOT NULL,
    marked_by BLOB NOT NULL REFERENCES users (id),
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (session_id, stagiaire_id, day, half)
);
CREATE INDEX ix_attendance_stagiaire ON attendance (stagiaire_id);

-- Further opportunités of the same session on a half-day that is booked already. They get the booking when its holder
-- gives it back.
CREATE TABLE reservation_shares (
    kind TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    opportunite_id BLOB NOT NULL REFERENCES opportunites (id),
    PRIMARY KEY (kind, resource_id, day, half, opportunite_id)
);
CREATE INDEX ix_reservation_shares_opportunite ON reservation_shares (opportunite_id);

-- Is the planning of this opportunité in the tables above? Older ones are brought over when the program starts
-- (`crm/sessions/adopt.rs`).
ALTER TABLE opportunites ADD COLUMN sessions_kept BOOLEAN NOT NULL DEFAULT FALSE;

INSERT INTO role_actions (role_id, action) VALUES
    ('admin', 'sessions:write'),
    ('responsable_commercial', 'sessions:write'),
    ('manager', 'sessions:write'),
    ('planificateur', 'sessions:write'),
    ('admin', 'stagiaires:write'),
    ('responsable_commercial', 'stagiaires:write'),
    ('manager', 'stagiaires:write'),
    ('commercial', 'stagiaires:write'),
    ('planificateur', 'stagiaires:write'),
    ('assistante', 'stagiaires:write'),
    ('admin', 'stagiaires:export'),
    ('responsable_commercial', 'stagiaires:export'),
    ('manager', 'stagiaires:export');
