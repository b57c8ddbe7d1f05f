-- The half-days of a session that a person planned: who teaches where. A planning's rows are in `session_plans`.
CREATE TABLE session_rows (
    session_id BLOB NOT NULL REFERENCES sessions (id),
    -- From 1.
    position INTEGER NOT NULL,
    day TEXT NOT NULL,
    half TEXT NOT NULL,
    -- The ids, as texts, as in `session_plans`.
    formateur TEXT NULL,
    salle TEXT NULL,
    PRIMARY KEY (session_id, position)
);
CREATE INDEX ix_session_rows_formateur ON session_rows (formateur, day);

-- A half-day is held by an opportunité, by a session that a person planned, or by an absence (neither).
ALTER TABLE reservations ADD COLUMN session_id BLOB NULL REFERENCES sessions (id);
CREATE INDEX ix_reservations_session ON reservations (session_id);
