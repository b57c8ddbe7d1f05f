-- A room belongs to its site: two sites may both have a « Salle 1 ». A trainer is one person wherever he works.
ALTER TABLE reservations MODIFY resource_id VARCHAR(190) NOT NULL;
UPDATE reservations SET resource_id = CONCAT(LOWER(HEX(localisation_id)), '/', resource_id) WHERE kind <> 'formateur';
