-- When a person is absent, and who stands in meanwhile. A person has one absence at most: the present one or the next.
CREATE TABLE absences (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    -- The first and the last day.
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    deputy_id BLOB REFERENCES users (id)
);
CREATE INDEX ix_absences_deputy ON absences (deputy_id, until_on);
