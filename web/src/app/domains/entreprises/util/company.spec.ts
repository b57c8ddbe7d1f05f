import { OpportuniteItem } from '../../../api/models/opportunite-item';
import { SessionItem } from '../../../api/models/session-item';
import { Tache } from '../../../api/models/tache';
import { nearest, nextTask, standing, together, years } from './company';

const session = (id: string, firstDay: string | null, status = 'confirmee'): SessionItem =>
  ({ id, firstDay, status }) as SessionItem;

describe('a company', () => {
  it('has open opportunités: undecided ones, and signed ones while a role has to act', () => {
    const deal = (outcome: string, amount: number, role: string | null = null): OpportuniteItem =>
      ({ outcome, amount, waitsOn: [{ role, names: [] }] }) as unknown as OpportuniteItem;
    const deals = [deal('open', 100), deal('suspended', 50), deal('won', 7, 'assistante'), deal('won', 20)];
    expect(standing([...deals, deal('done', 8), deal('lost', 9)])).toEqual({ open: 3, openAmount: 157 });
  });

  it('has a next task: the earliest open one, one without a day last', () => {
    const task = (id: string, dueOn: string | null, doneAt: string | null = null): Tache =>
      ({ id, dueOn, doneAt }) as Tache;
    expect(nextTask([task('a', null), task('b', '2026-12-04'), task('c', '2026-12-01', 'x')])?.id).toBe('b');
    expect(nextTask([task('a', null)])?.id).toBe('a');
    expect(nextTask([])).toBeUndefined();
  });

  it('has each session once, and the nearest of them', () => {
    const all = together([
      [session('a', '2026-12-08'), session('b', '2026-10-01')],
      [session('a', '2026-12-08'), session('c', '2026-12-02'), session('d', '2026-11-30', 'annulee')],
    ]);
    expect(all.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
    expect(nearest(all, '2026-11-29')).toEqual({ day: '2026-12-02', coming: true });
    expect(nearest(all, '2026-12-09')).toEqual({ day: '2026-12-08', coming: false });
    expect(nearest([session('e', null)], '2026-12-09')).toBeUndefined();
  });

  it('has figures of the last years', () => {
    expect(years('2026-11-29', 4)).toEqual([2023, 2024, 2025, 2026]);
  });
});
