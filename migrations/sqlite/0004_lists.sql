-- A sales rep's own list, and a site's, newest change first: without these every row in scope is sorted for each page.
CREATE INDEX ix_opportunites_commercial_updated ON opportunites (commercial_id, updated_at, id);
CREATE INDEX ix_opportunites_site_updated ON opportunites (localisation_id, updated_at, id);
