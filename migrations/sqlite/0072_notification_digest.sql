-- Who gets mails about what happens as one a day or a week.
CREATE TABLE notification_digest (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
    -- 1 Monday to 7 Sunday; empty: every day.
    weekday INTEGER NULL,
    -- In Paris.
    hour INTEGER NOT NULL,
    -- The day of the last one.
    last_on TEXT NOT NULL
);

-- The day of the digest that tells it; `-` while it waits for one. Empty: it has a mail of its own, or none.
ALTER TABLE notifications ADD COLUMN digest TEXT NULL;
CREATE INDEX ix_notifications_digest ON notifications (user_id, digest);

-- Kinds that also then come at once.
ALTER TABLE notification_preferences ADD COLUMN at_once BOOLEAN NOT NULL DEFAULT 0;
