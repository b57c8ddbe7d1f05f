-- Who may search a person everywhere, and hand out a copy of what is known of this person.
INSERT INTO role_actions (role_id, action) VALUES ('admin', 'donnees:personnelles');
