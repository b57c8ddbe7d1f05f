-- When a person is absent, and who stands in meanwhile. A person has one absence at most: the present one or the next.
CREATE TABLE absences (
    user_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES users (id),
    -- The first and the last day.
    from_on VARCHAR(10) NOT NULL,
    until_on VARCHAR(10) NOT NULL,
    deputy_id BINARY(16) NULL REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX ix_absences_deputy ON absences (deputy_id, until_on);
