-- The hours in which a person gets no mail about what happens. Hours of the day in Paris; over midnight when the first
-- is later than the last.
CREATE TABLE notification_quiet (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    from_hour INTEGER NOT NULL,
    to_hour INTEGER NOT NULL,
    -- Are Saturday and Sunday quiet as a whole?
    weekends BOOLEAN NOT NULL
);
