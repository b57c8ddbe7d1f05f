-- A person's list, newest first; without it their whole history is sorted for each page.
CREATE INDEX ix_notifications_list ON notifications (user_id, app, created_at, id);
DROP INDEX ix_notifications_user ON notifications;
