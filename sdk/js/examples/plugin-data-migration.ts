import { renamed, type migration } from 'afpi-plugin';

/** The `migrateDocuments` of a workflow: version 2 calls `people` what was `participants` in version 1. */
export function migrateDocuments(_settings: object, from: string, stored: migration.Stored): migration.Stored {
  return from.startsWith('1.') ? renamed(stored, 'request', 'participants', 'people') : stored;
}
