-- How many people and when are questions of the workflow's first section; the opportunité itself asked them a second time.
ALTER TABLE opportunites DROP COLUMN participants;
ALTER TABLE opportunites DROP COLUMN wished_start;
