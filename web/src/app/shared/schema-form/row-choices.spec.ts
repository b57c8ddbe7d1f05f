import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { Language, provideTranslations } from '../i18n/language';
import { Format } from '../i18n/pipes';
import { Written } from './context';
import { rowChoices } from './row-choices';
import { rowSourceOf } from './row-source';

const form = {
  type: 'object',
  properties: {
    factures: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          numero: { type: 'string', title: 'Numéro' },
          payeur: { title: 'Payeur', oneOf: [{ const: 'opco', title: 'OPCO', 'x-title-en': 'Skills operator' }] },
          solde: { type: 'integer', 'x-widget': 'money', title: 'Reste dû' },
          emiseLe: { type: 'string', format: 'date', title: 'Émise le' },
        },
      },
    },
  },
};
const record: Written = {
  forms: { facturation: form },
  documents: {
    facturation: {
      factures: [
        { numero: 'F2026-00001', payeur: 'opco', solde: 0, emiseLe: '2026-11-02' },
        { numero: 'F2026-00002', payeur: 'opco', solde: 43999, emiseLe: '2026-11-03' },
        { numero: 'F2026-00003', emiseLe: '2026-11-03' },
        { payeur: 'opco' },
      ],
    },
  },
};

function offered(schema: Record<string, unknown>, of = record): [string | number, string][] {
  const source = rowSourceOf({ 'x-rows': '/facturation/factures', ...schema });
  if (!source) throw new Error('no source');
  return rowChoices(source, of, TestBed.inject(Format)).map(({ value, label }) => [
    value,
    label.fr.replace(/[\s\u00a0\u202f]/g, ' '),
  ]);
}

describe('rows to choose from', () => {
  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideTranslations(), provideHttpClient()] });
    await TestBed.inject(Language).use('fr');
  });
  it('are those that fit, told by their fields', () => {
    expect(
      offered({
        'x-value': 'numero',
        'x-label': ['numero', 'payeur', 'solde', 'emiseLe'],
        'x-where': { required: ['emiseLe'], properties: { solde: { minimum: 1 } } },
      }),
    ).toEqual([
      ['F2026-00002', 'F2026-00002 · OPCO · 439,99 € · 03/11/2026'],
      // Rows that are older than the balances are offered too; the plugin checks them.
      ['F2026-00003', 'F2026-00003 · 03/11/2026'],
    ]);
  });
  it('are kept by their place where they have no name', () => {
    expect(offered({ 'x-label': ['payeur'], 'x-where': { not: { required: ['emiseLe'] } } })).toEqual([[4, 'OPCO']]);
    expect(
      offered({
        'x-label': ['solde'],
        'x-where': { properties: { payeur: { const: 'opco' }, solde: { maximum: 0 } } },
      }),
    ).toEqual([
      [1, '0,00 €'],
      [3, '3'],
      [4, '4'],
    ]);
  });
  it('are none without rows, and a field without `x-rows` has none', () => {
    expect(offered({}, { documents: {}, forms: {} })).toEqual([]);
    expect(rowSourceOf({ type: 'string' })).toBeNull();
  });
});
