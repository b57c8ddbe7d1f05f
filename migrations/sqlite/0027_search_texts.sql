-- What `?q=` looks in has another form (`crm/search.rs`) and holds more: contacts of companies, numbers of quotes and invoices. The
-- program writes these columns anew when it starts.
ALTER TABLE opportunites ADD COLUMN search_data TEXT NULL;
UPDATE entreprises SET search = '';
UPDATE opportunites SET search = '';
UPDATE formateurs SET search = '';
