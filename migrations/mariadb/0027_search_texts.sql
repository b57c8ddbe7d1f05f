-- What `?q=` looks in has another form (`crm/search.rs`) and holds more: contacts of companies, numbers of quotes and invoices. The
-- program writes these columns anew when it starts.
ALTER TABLE entreprises MODIFY search VARCHAR(4000) NOT NULL;
ALTER TABLE opportunites ADD COLUMN search_data VARCHAR(2000) NULL;
UPDATE entreprises SET search = '';
UPDATE opportunites SET search = '';
UPDATE formateurs SET search = '';
