import { describe, expect, it } from 'vitest';
import { ImportChange } from '../../../api/models/import-change';
import { ImportField } from '../../../api/models/import-field';
import { mediaType, refusalOf } from './files';
import { differences, isLive, percent, stepOf, written } from './steps';

const text = (fr: string): { fr: string; en: string } => ({ fr, en: `${fr}_en` });
const field = (name: string, choices: ImportField['choices'] = []): ImportField => ({
  name,
  label: text(name),
  contact: name.startsWith('contact.'),
  default: true,
  shape: choices.length ? 'word' : 'text',
  choices,
});
const FIELDS = [
  field('name'),
  field('kind', [{ value: 'pme', label: text('PME') }]),
  field('address.city'),
  field('phone'),
  field('contact.lastName'),
  field('contact.phone'),
];

describe('the steps of an import', () => {
  it('follow the state', () => {
    expect((['uploaded', 'previewed', 'failed', 'applying', 'reverted'] as const).map(stepOf)).toEqual([
      'columns',
      'preview',
      'preview',
      'done',
      'done',
    ]);
    expect([isLive('previewing'), isLive('previewed')]).toEqual([true, false]);
    expect([percent({ done: 1, total: 3 }), percent({ done: 4, total: 3 }), percent({ done: 0, total: 0 })]).toEqual([
      33,
      100,
      null,
    ]);
    const counts = { created: 2, updated: 3, conflict: 1, unchanged: 9, skipped: 9, archived: 0, missing: 0 };
    expect([written(counts), written(undefined)]).toEqual([6, 0]);
  });

  it('show the fields of the record that change, in their order and with the labels of values', () => {
    const change = {
      line: 2,
      entity: 'entreprise',
      action: 'updated',
      label: 'A',
      before: { 'address.city': null, kind: null, phone: '1' },
      after: { phone: '1', 'address.city': 'Laon', kind: 'pme', active: true, lastName: 'x' },
    } as ImportChange;
    const said = differences(change, FIELDS, ({ en }) => en).map(({ field: { name }, before, after }) => [
      name,
      before,
      after,
    ]);
    expect(said).toEqual([
      ['kind', '', 'PME_en'],
      ['address.city', '', 'Laon'],
    ]);
    const contact = { ...change, entity: 'contact', before: undefined, after: { lastName: 'Roy', phone: '2' } };
    expect(differences(contact as ImportChange, FIELDS, ({ fr }) => fr).map((line) => line.field.name)).toEqual([
      'contact.lastName',
      'contact.phone',
    ]);
  });
});

describe('a file', () => {
  it('is refused before it is sent when it cannot be a table', () => {
    const of = (name: string, size: number): string | null => refusalOf({ name, size });
    expect(of('a.CSV', 1)).toBeNull();
    expect(of('a.xlsx', 10 * 1024 * 1024)).toBeNull();
    expect([of('a.xls', 1), of('a.csv', 0), of('a.csv', 10 * 1024 * 1024 + 1)]).toEqual([
      'imports.kind',
      'imports.empty',
      'imports.large',
    ]);
    expect([mediaType('a.TXT'), mediaType('A.XLSX').includes('spreadsheetml')]).toEqual(['text/csv', true]);
  });
});
