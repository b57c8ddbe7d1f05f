-- A series remembers the day of its last number: no later number bears an earlier day. Empty: numbered before this was kept.
ALTER TABLE compteurs ADD COLUMN last_day VARCHAR(10) NOT NULL DEFAULT '';
