import { Entreprise } from '../../../api/models/entreprise';
import { mergeRows } from './merge-rows';

const words = { kind: (kind: string) => kind.toUpperCase(), active: (active: boolean) => (active ? 'oui' : 'non') };
const company = (more: Partial<Entreprise>): Entreprise =>
  ({
    name: 'Forges',
    tags: [],
    active: true,
    address: { country: 'FR' },
    localisation: { id: '1', code: 'A', name: 'Aisne' },
    ...more,
  }) as unknown as Entreprise;

describe('the fields of a merge', () => {
  it('are those that differ', () => {
    const address = { line1: '1 rue A', line2: null, postcode: '59000', city: 'Lille', country: 'FR' };
    const rows = mergeRows(
      company({ kind: 'pme', tags: ['eau'] }),
      company({ siret: '73282932000074', vatNumber: 'FR44732829320', tags: ['eau', 'gaz'], active: false, address }),
      words,
    );
    expect(rows.map(({ field, survivor, absorbed, both }) => [field, survivor, absorbed, both])).toEqual([
      ['numbers', '', '73282932000074\nFR44732829320', false],
      ['kind', 'PME', '', false],
      ['address', '', '1 rue A\n59000 Lille', false],
      ['tags', 'eau', 'eau, gaz', true],
      ['active', 'oui', 'non', false],
    ]);
  });
});
