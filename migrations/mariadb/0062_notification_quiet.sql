-- The hours in which a person gets no mail about what happens. Hours of the day in Paris; over midnight when the first
-- is later than the last.
CREATE TABLE notification_quiet (
    user_id BINARY(16) NOT NULL PRIMARY KEY REFERENCES users (id),
    from_hour BIGINT NOT NULL,
    to_hour BIGINT NOT NULL,
    -- Are Saturday and Sunday quiet as a whole?
    weekends BOOLEAN NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
