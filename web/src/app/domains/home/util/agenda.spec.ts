import { SessionItem } from '../../../api/models/session-item';
import { byDay, daysFrom } from './agenda';

const session = (id: string, firstDay: string | null, status = 'confirmee'): SessionItem =>
  ({ id, firstDay, status }) as SessionItem;

describe('the agenda', () => {
  it('has a day for each first half-day, and today for what has begun', () => {
    const days = byDay(
      [session('a', '2026-12-02'), session('b', '2026-11-27'), session('c', '2026-11-29'), session('d', '2026-12-02')],
      '2026-11-29',
    );
    expect(days.map(({ day, sessions }) => [day, sessions.map(({ id }) => id)])).toEqual([
      ['2026-11-29', ['b', 'c']],
      ['2026-12-02', ['a', 'd']],
    ]);
  });

  it('leaves out what does not take place or has no day', () => {
    expect(byDay([session('a', '2026-12-02', 'annulee'), session('b', null)], '2026-11-29')).toEqual([]);
  });

  it('counts days over a change of the clock', () => {
    expect(daysFrom('2026-10-24', '2026-10-26')).toBe(2);
    expect(daysFrom('2026-11-29', '2026-11-29')).toBe(0);
  });
});
