import { cellsOf, pastedInto, withoutHeading } from './pasted';
import { fieldsOf } from './schema';

const COLUMNS = fieldsOf({
  type: 'object',
  properties: {
    libelle: { type: 'string', maxLength: 12, title: 'Libellé' },
    quantite: { type: 'number', multipleOf: 0.01, title: 'Quantité' },
    unite: { type: 'string', oneOf: [{ const: 'heure', title: 'Heure', 'x-title-en': 'Hour' }] },
    prix: { type: 'integer', 'x-widget': 'money' },
    montant: { type: 'integer', 'x-widget': 'money', readOnly: true },
  },
});

describe('rows from a spreadsheet', () => {
  it('are a block; a single text is not', () => {
    expect(cellsOf('Soudage')).toBeNull();
    expect(cellsOf('Soudage\r\n')).toBeNull();
    expect(cellsOf('a\tb')).toEqual([['a', 'b']]);
    expect(cellsOf('a\tb\r\n\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(cellsOf('"deux\nlignes"\t"dit ""oui"""')).toEqual([['deux\nlignes', 'dit "oui"']]);
  });

  it('become values of their columns', () => {
    const cells = cellsOf('Soudage\t35\theures\t45,50 €\t1 592,50\nRepas\t2,5\tHour\t1 000\t') ?? [];
    expect(pastedInto(COLUMNS, cells, 'fr-FR')).toEqual({
      rows: [
        ['Soudage', 35, 'heure', 4550, undefined],
        ['Repas', 2.5, 'heure', 100_000, undefined],
      ],
      unread: [],
    });
  });

  it('tell what was not read, and keep it out', () => {
    const { rows, unread } = pastedInto(COLUMNS, [['Un libellé bien trop long', 'beaucoup', 'mois', '12.50']], 'fr-FR');
    expect(rows).toEqual([[undefined, undefined, undefined, undefined]]);
    expect(unread.map(({ column, text }) => [column.key, text])).toEqual([
      ['libelle', 'Un libellé bien trop long'],
      ['quantite', 'beaucoup'],
      ['unite', 'mois'],
      ['prix', '12.50'],
    ]);
  });

  it('lose the headings that were copied along', () => {
    const cells = [
      ['libellé', 'QUANTITE'],
      ['Soudage', '1'],
    ];
    expect(withoutHeading(COLUMNS, cells)).toEqual([['Soudage', '1']]);
    expect(withoutHeading(COLUMNS, cells.slice(1))).toEqual([['Soudage', '1']]);
  });

  it('take nothing beyond the last column', () => {
    expect(pastedInto(COLUMNS.slice(3), [['1', '2', '3']], 'fr-FR').rows).toEqual([[100, undefined]]);
  });
});
