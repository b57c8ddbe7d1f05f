import { footerOf, totalsOf } from './totals';

const TOTALS = { net: 'montantHt', by: 'tva', of: { exonere: 0, taux20: 20 } };
const row = (montantHt: number, tva: string) => ({ montantHt, tva });

describe('the footer of a grid', () => {
  it('computes the VAT once on the sum of the nets of a rate', () => {
    const nine = Array.from({ length: 9 }, () => row(1242, 'taux20'));
    expect(footerOf(TOTALS, nine)).toEqual({
      net: 11_178,
      rates: [{ percent: 20, base: 11_178, vat: 2236 }],
      gross: 13_414,
    });
    const seven = Array.from({ length: 7 }, () => row(1003, 'taux20'));
    expect(footerOf(TOTALS, seven).rates[0]?.vat).toBe(1404);
  });

  it('adds exempt and taxed lines', () => {
    const rows = [row(159_250, 'exonere'), row(5001, 'taux20'), row(2331, 'taux20')];
    expect(footerOf(TOTALS, rows)).toEqual({
      net: 166_582,
      rates: [{ percent: 20, base: 7332, vat: 1466 }],
      gross: 168_048,
    });
  });

  it('waits for rows without an amount, and takes discounts away', () => {
    expect(footerOf(TOTALS, [{ tva: 'taux20' }, null, row(100, 'exonere')]).gross).toBe(100);
    expect(footerOf(TOTALS, [row(1000, 'taux20'), row(-250, 'taux20')])).toEqual({
      net: 750,
      rates: [{ percent: 20, base: 750, vat: 150 }],
      gross: 900,
    });
  });

  it('is declared by the schema, or there is none', () => {
    expect(totalsOf({ net: 'montantHt', rate: { by: 'tva', of: { exonere: 0 } } })).toEqual({
      net: 'montantHt',
      by: 'tva',
      of: { exonere: 0 },
    });
    expect([totalsOf(undefined), totalsOf({ net: 'a' }), totalsOf({ rate: {} })]).toEqual([null, null, null]);
  });
});
