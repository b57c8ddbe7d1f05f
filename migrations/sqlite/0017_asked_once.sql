-- How many people and when are questions of the workflow's first section; the opportunité itself asked them a second time. What was
-- answered there only moves over, which is why a migration names that section.
UPDATE opportunites SET data = json_insert(data, '$.collecte', json_object()) WHERE participants IS NOT NULL OR wished_start IS NOT NULL;
UPDATE opportunites SET data = json_insert(data, '$.collecte.participants', participants) WHERE participants IS NOT NULL;
UPDATE opportunites SET data = json_insert(data, '$.collecte.debutSouhaite', wished_start) WHERE wished_start IS NOT NULL;
ALTER TABLE opportunites DROP COLUMN participants;
ALTER TABLE opportunites DROP COLUMN wished_start;
