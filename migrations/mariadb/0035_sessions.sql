-- The people who are trained for an opportunité.
CREATE TABLE stagiaires (
    id BINARY(16) NOT NULL PRIMARY KEY,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    -- "Last First", and the key that lists sort it by.
    name VARCHAR(201) NOT NULL,
    name_key VARBINARY(255) NOT NULL,
    -- Lower case without accents: name, company and e-mail; what `?q=` looks in.
    search VARCHAR(600) NOT NULL,
    -- ISO day.
    birth_date CHAR(10) NULL,
    email VARCHAR(190) NULL,
    phone VARCHAR(40) NULL,
    company VARCHAR(200) NULL,
    job VARCHAR(120) NULL,
    status VARCHAR(30) NULL,
    -- Special needs. Only who may edit the record reads them.
    needs TEXT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_stagiaires_opportunite ON stagiaires (opportunite_id, name_key, id);
CREATE INDEX ix_stagiaires_name_key ON stagiaires (name_key, id);

-- Training sessions of a site. Several opportunités may take part in one.
CREATE TABLE sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    localisation_id BINARY(16) NOT NULL REFERENCES localisations (id),
    numero VARCHAR(120) NOT NULL,
    -- Lower case without accents and double spaces: one number, one session of the site.
    numero_norm VARCHAR(190) NOT NULL,
    title VARCHAR(200) NOT NULL,
    -- What lists sort the title by.
    title_key VARBINARY(255) NOT NULL,
    search VARCHAR(600) NOT NULL,
    programme TEXT NULL,
    capacity_min BIGINT NULL,
    capacity_max BIGINT NULL,
    status VARCHAR(20) NOT NULL,
    -- Did a person create it? Otherwise a planning did, and it goes when no planning names it.
    standalone BOOLEAN NOT NULL,
    -- ISO days of the first and the last half-day.
    first_day CHAR(10) NULL,
    last_day CHAR(10) NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE UNIQUE INDEX uq_sessions_numero ON sessions (localisation_id, numero_norm);
CREATE INDEX ix_sessions_first_day ON sessions (first_day, id);
CREATE INDEX ix_sessions_title_key ON sessions (title_key, id);

-- The opportunités of a session, and the section whose document names it.
CREATE TABLE session_opportunites (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    section VARCHAR(60) NOT NULL,
    PRIMARY KEY (session_id, opportunite_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_session_opportunites_opportunite ON session_opportunites (opportunite_id);

-- The rows of each planning: who teaches where on which half-day.
CREATE TABLE session_plans (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    -- From 1, as in the document.
    position BIGINT NOT NULL,
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    -- The id of a trainer or room, or the text of the document.
    formateur VARCHAR(190) NULL,
    salle VARCHAR(190) NULL,
    PRIMARY KEY (session_id, opportunite_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_session_plans_formateur ON session_plans (formateur, day);

-- The half-days of a session, each once, with its times in minutes after midnight.
CREATE TABLE session_half_days (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    start_minute BIGINT NOT NULL,
    end_minute BIGINT NOT NULL,
    PRIMARY KEY (session_id, day, half)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE session_stagiaires (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    stagiaire_id BINARY(16) NOT NULL REFERENCES stagiaires (id),
    PRIMARY KEY (session_id, stagiaire_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_session_stagiaires_stagiaire ON session_stagiaires (stagiaire_id);

-- Who was there. No row: nobody has said yet.
CREATE TABLE attendance (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    stagiaire_id BINARY(16) NOT NULL REFERENCES stagiaires (id),
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    state VARCHAR(10) NOT NULL,
    -- Minutes missed by somebody who came late; otherwise 0.
    late_minutes BIGINT NOT NULL,
    marked_by BINARY(16) NOT NULL REFERENCES users (id),
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, stagiaire_id, day, half)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_attendance_stagiaire ON attendance (stagiaire_id);

-- Further opportunités of the same session on a half-day that is booked already. They get the booking when its holder
-- gives it back.
CREATE TABLE reservation_shares (
    kind VARCHAR(20) NOT NULL,
    resource_id VARCHAR(100) NOT NULL,
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    opportunite_id BINARY(16) NOT NULL REFERENCES opportunites (id),
    PRIMARY KEY (kind, resource_id, day, half, opportunite_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
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
