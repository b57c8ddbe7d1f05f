-- The hooks that were asked about a change, in order, each with its answer, as JSON.
ALTER TABLE historique ADD COLUMN hooks TEXT NULL;
