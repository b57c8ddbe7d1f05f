/** The fields of a merge, side by side: only those that differ need a choice. */
import { Entreprise } from '../../../api/models/entreprise';
import { FusionFields } from '../../../api/models/fusion-fields';

export type MergeField = keyof FusionFields;

export interface MergeRow {
  field: MergeField;
  /** Text key of its name. */
  label: string;
  /** Can both values be taken, one after the other? */
  both: boolean;
  survivor: string;
  absorbed: string;
}

/** Words that need a translation. */
export interface Words {
  kind: (kind: string) => string;
  active: (active: boolean) => string;
}

const FIELDS: [MergeField, string, (of: Entreprise, words: Words) => (string | number | null | undefined)[]][] = [
  ['name', 'entreprises.field.name', (of) => [of.name]],
  ['numbers', 'doublons.dialog.numbers', (of) => [of.siret, of.siret ? null : of.siren, of.vatNumber]],
  ['naf', 'doublons.dialog.naf', (of) => [of.nafCode]],
  ['idcc', 'entreprises.field.idcc', (of) => [of.idcc]],
  ['opco', 'entreprises.field.opco', (of) => [of.opco]],
  ['kind', 'entreprises.field.kind', (of, words) => [of.kind && words.kind(of.kind)]],
  ['headcount', 'entreprises.field.headcount', (of) => [of.headcount]],
  [
    'address',
    'entreprises.field.address',
    ({ address }) => [address.line1, address.line2, [address.postcode, address.city].filter(Boolean).join(' ')],
  ],
  ['phone', 'entreprises.field.phone', (of) => [of.phone]],
  ['email', 'entreprises.field.email', (of) => [of.email]],
  ['website', 'entreprises.field.website', (of) => [of.website]],
  ['tags', 'entreprises.field.tags', (of) => of.tags],
  ['notes', 'entreprises.field.notes', (of) => [of.notes]],
  ['active', 'doublons.dialog.active', (of, words) => [words.active(of.active)]],
  ['localisation', 'doublons.dialog.localisation', (of) => [of.localisation.name]],
];

/** The fields in which two companies differ. */
export function mergeRows(survivor: Entreprise, absorbed: Entreprise, words: Words): MergeRow[] {
  return FIELDS.map(([field, label, values]) => {
    const shown = (of: Entreprise): string =>
      values(of, words)
        .filter(Boolean)
        .join(field === 'tags' ? ', ' : '\n');
    const both = field === 'tags' || field === 'notes';
    return { field, label, both, survivor: shown(survivor), absorbed: shown(absorbed) };
  }).filter((row) => row.survivor !== row.absorbed);
}
