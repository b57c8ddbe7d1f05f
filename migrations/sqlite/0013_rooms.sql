-- A room belongs to its site: two sites may both have a « Salle 1 ». A trainer is one person wherever he works.
UPDATE reservations SET resource_id = lower(hex(localisation_id)) || '/' || resource_id WHERE kind <> 'formateur';
