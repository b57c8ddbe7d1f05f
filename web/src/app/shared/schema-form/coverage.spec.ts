import { coverageOf, sumOf } from './coverage';
import { CoverageSpec, coverageSpecOf } from './coverage-spec';
import { JsonObject } from './schema';

const SPEC: CoverageSpec = {
  total: '/devis/totalHt',
  payer: ['organisme', 'payeur'],
  asked: 'montantDemande',
  agreed: 'montantAccorde',
  own: { field: 'partEntreprise', payer: { payeur: 'entreprise' } },
  invoiced: {
    at: '/facturation/factures',
    payer: ['nom', 'payeur'],
    net: ['baseExoneree', 'baseTaux20'],
    gross: 'totalTtc',
    left: 'netTtc',
    due: 'solde',
    where: { required: ['emiseLe'] },
  },
};
const opco = { payeur: 'opco', organisme: 'OPCO 2i', montantDemande: 105_000, montantAccorde: 105_000 };

function of(rows: JsonObject[], document: JsonObject, factures: JsonObject[] = []) {
  const documents = { devis: { totalHt: 159_250 }, facturation: { factures } };
  return coverageOf(SPEC, { rows, document, documents, columns: [], invoices: [] });
}

describe('the coverage of a total', () => {
  it('is what payers agreed and the own share', () => {
    const { total, shares, open } = of([opco], { partEntreprise: 50_000 });
    expect([total, open]).toEqual([159_250, 4250]);
    expect(shares.map(({ name, agreed }) => [name, agreed])).toEqual([
      ['OPCO 2i', 105_000],
      [null, 50_000],
    ]);
    expect(sumOf(shares, 'agreed')).toBe(155_000);
  });

  it('is all the own share without a funder', () => {
    expect(of([], {})).toEqual({
      total: 159_250,
      shares: [{ name: null, asked: 159_250, agreed: 159_250, invoiced: 0, paid: 0 }],
      open: 0,
    });
  });

  it('counts what was invoiced and paid per payer, without VAT', () => {
    const issued = { emiseLe: '2026-11-28' };
    const { shares } = of([opco], { partEntreprise: 54_250 }, [
      {
        ...issued,
        nom: 'opco 2I',
        payeur: 'opco',
        baseExoneree: 105_000,
        totalTtc: 105_000,
        netTtc: 105_000,
        solde: 5000,
      },
      { ...issued, nom: 'ACME', payeur: 'entreprise', baseTaux20: 54_250, totalTtc: 65_100, netTtc: 65_100, solde: 0 },
      { ...issued, nom: 'ACME', payeur: 'entreprise', baseTaux20: -1000, totalTtc: -1200 },
      { nom: 'ACME', payeur: 'entreprise', baseTaux20: 99 },
    ]);
    expect(shares.map(({ name, invoiced, paid }) => [name, invoiced, paid])).toEqual([
      ['OPCO 2i', 105_000, 100_000],
      [null, 53_250, 54_250],
    ]);
  });

  it('is declared completely, or there is none', () => {
    expect(coverageSpecOf(SPEC)).toBe(SPEC);
    expect([coverageSpecOf(null), coverageSpecOf({ ...SPEC, payer: 'organisme' })]).toEqual([null, null]);
  });
});
