import { withSums } from './computed';
import { JsonSchema, fieldsOf } from './schema';

const money = { type: 'integer', 'x-widget': 'money' };
const QUOTE: JsonSchema = {
  type: 'object',
  properties: {
    lignes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          quantite: { type: 'number' },
          prix: money,
          tva: { type: 'string' },
          ht: { ...money, readOnly: true, 'x-computed': { product: ['quantite', 'prix'] } },
        },
      },
    },
    ht: { ...money, readOnly: true, 'x-computed': { sum: 'lignes/ht' } },
    tva: {
      ...money,
      readOnly: true,
      'x-computed': { sum: 'lignes/ht', percent: { by: 'tva', of: { exonere: 0, taux20: 20 } } },
    },
    ttc: { ...money, readOnly: true, 'x-computed': { add: ['ht', 'tva'] } },
  },
};
const FIELDS = fieldsOf(QUOTE);

describe('what the browser computes', () => {
  it('is each row and every total, rounded as the plugin rounds', () => {
    const quote = withSums(FIELDS, {
      lignes: [
        { quantite: 4, prix: 125025, tva: 'exonere' },
        { quantite: 0.5, prix: 333, tva: 'taux20' },
        { quantite: 1, prix: -150, tva: 'taux20' },
      ],
    });
    expect((quote['lignes'] as { ht: number }[]).map(({ ht }) => ht)).toEqual([500100, 167, -150]);
    expect([quote['ht'], quote['tva'], quote['ttc']]).toEqual([500117, 3, 500120]);
  });

  it('computes a percentage once per choice, on the sum of its rows', () => {
    const rows = (count: number, prix: number) =>
      Array.from({ length: count }, () => ({ quantite: 1, prix, tva: 'taux20' }));
    expect(withSums(FIELDS, { lignes: rows(9, 1242) })['tva']).toBe(2236);
    expect(withSums(FIELDS, { lignes: rows(7, 1003) })['tva']).toBe(1404);
    const exempt = { quantite: 35, prix: 4550, tva: 'exonere' };
    expect(withSums(FIELDS, { lignes: [exempt, ...rows(3, 1667), ...rows(7, 333)] })['tva']).toBe(1466);
  });

  it('is left out while something is missing, and comes back', () => {
    const quote = withSums(FIELDS, {
      ht: 1,
      tva: 1,
      ttc: 1,
      lignes: [
        { quantite: 2, prix: 100, tva: 'taux20' },
        { quantite: 1, prix: null },
      ],
    });
    expect(quote).toEqual({
      lignes: [
        { quantite: 2, prix: 100, tva: 'taux20', ht: 200 },
        { quantite: 1, prix: null },
      ],
    });
    expect(withSums(FIELDS, { ht: 1, lignes: [] })).toEqual({ lignes: [] });
  });

  it('takes no formula it does not know', () => {
    const fields = fieldsOf({
      type: 'object',
      properties: { a: { ...money, 'x-computed': { median: 'b' } }, c: { ...money, 'x-computed': 'a+b' } },
    });
    expect(withSums(fields, { a: 5, c: 6 })).toEqual({ a: 5, c: 6 });
  });
});
