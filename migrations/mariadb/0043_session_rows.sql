-- The half-days of a session that a person planned: who teaches where. A planning's rows are in `session_plans`.
CREATE TABLE session_rows (
    session_id BINARY(16) NOT NULL REFERENCES sessions (id),
    -- From 1.
    position BIGINT NOT NULL,
    day CHAR(10) NOT NULL,
    half CHAR(2) NOT NULL,
    -- The ids, as texts, as in `session_plans`.
    formateur VARCHAR(190) NULL,
    salle VARCHAR(190) NULL,
    PRIMARY KEY (session_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_session_rows_formateur ON session_rows (formateur, day);

-- A half-day is held by an opportunité, by a session that a person planned, or by an absence (neither).
ALTER TABLE reservations ADD COLUMN session_id BINARY(16) NULL REFERENCES sessions (id);
CREATE INDEX ix_reservations_session ON reservations (session_id);
