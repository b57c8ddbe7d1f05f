/** What files bring, and how a value of theirs is written. Pure. */
import { ImportField } from '../../../api/models/import-field';
import { ImportKind } from '../../../api/models/import-kind';
import { plain } from '../../../shared/schema-form/schema';

/** What one line of each kind of files is. */
export const ENTITIES: Record<ImportKind, string> = {
  entreprises: 'entreprise',
  produits: 'produit',
  formateurs: 'formateur',
};

/** Where the records of each kind are listed. */
export const LISTS: Record<ImportKind, string> = {
  entreprises: '/entreprises',
  produits: '/catalogue',
  formateurs: '/formateurs',
};

/** A value as a cell of a file has it: hours, euros and percentages as people write them. */
export function written(field: ImportField | undefined, value: unknown): string {
  if (Array.isArray(value)) return value.map(part).join(', ');
  if (typeof value !== 'number') return plain(value);
  switch (field?.shape) {
    case 'euros':
    case 'percent':
      return (value / 100).toFixed(2).replace('.', ',');
    case 'hours':
      return `${Math.floor(value / 60)}h${String(value % 60).padStart(2, '0')}`;
    default:
      return String(value);
  }
}

/** A word of a list, or a certificate with the last day of its validity. */
function part(value: unknown): string {
  if (typeof value !== 'object' || value === null) return plain(value);
  const { name, expiresOn } = value as { name?: string; expiresOn?: string };
  const day = expiresOn?.split('-').reverse().join('/');
  return day ? `${name} (${day})` : (name ?? '');
}
