import { OpportuniteItem } from '../../../api/models/opportunite-item';
import { Text } from '../../../api/models/text';
import { doing, grouped } from './queue';

const text = (fr: string): Text => ({ fr, en: fr });
const item = (id: string, status: string, late: boolean, amount: number): OpportuniteItem =>
  ({ id, status, late, amount }) as OpportuniteItem;

describe('the queue', () => {
  it('groups records by their status, in the order of the first ones, with sums', () => {
    const groups = grouped(
      [item('1', 'devis', true, 300), item('2', 'saisie', false, 50), item('3', 'devis', false, 200)],
      (status) => (status === 'devis' ? [text('Envoyer le devis')] : []),
    );
    expect(groups.map(({ status, late, amount, items }) => [status, late, amount, items.map(({ id }) => id)])).toEqual([
      ['devis', 1, 500, ['1', '3']],
      ['saisie', 0, 50, ['2']],
    ]);
    expect(groups.map(({ action }) => action?.fr)).toEqual(['Envoyer le devis', undefined]);
  });

  it('asks for a result where no move says what to do', () => {
    const moves: Record<string, Text[]> = {
      envoye: [text('Devis accepté'), text('Devis refusé')],
      saisie: [text('Valider')],
    };
    const groups = grouped(
      ['envoye', 'saisie', 'refuse'].map((status) => item(status, status, false, 1)),
      (status) => moves[status] ?? [],
    );
    expect(groups.map(({ question }) => question?.fr)).toEqual(['Devis accepté', undefined, undefined]);
  });

  it('has first what was sent back', () => {
    const back = { ...item('3', 'saisie', false, 1), sentBack: {} } as OpportuniteItem;
    const [group] = grouped([item('1', 'saisie', true, 1), item('2', 'saisie', false, 1), back], () => []);
    expect(group?.items.map(({ id }) => id)).toEqual(['3', '1', '2']);
  });

  it('names what to do by a move that is a verb, not by one that is a result', () => {
    expect(doing([text('Valider'), text('Rejeter')])?.fr).toBe('Valider');
    expect(doing([text('Émettre les factures')])?.fr).toBe('Émettre les factures');
    expect(doing([text('Devis accepté')])).toBeNull();
    expect(doing([text('Prêt pour la formation')])).toBeNull();
    expect(doing([])).toBeNull();
  });
});
