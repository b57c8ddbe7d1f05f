import { monthGrid, shiftMonth } from './month-grid';

describe('month grid', () => {
  it('shows whole weeks, from Monday to Sunday: people are trained on Saturdays, too', () => {
    const december = monthGrid('2026-12');
    expect(december[0]).toEqual([
      '2026-11-30',
      '2026-12-01',
      '2026-12-02',
      '2026-12-03',
      '2026-12-04',
      '2026-12-05',
      '2026-12-06',
    ]);
    expect(december.at(-1)?.at(-1)).toBe('2027-01-03');
    expect(december).toHaveLength(5);
  });

  it('begins with the week that holds the first day', () => {
    expect(monthGrid('2026-11')[0]?.[0]).toBe('2026-10-26');
    expect(monthGrid('2027-02')).toHaveLength(4);
  });

  it('moves over year ends', () => {
    expect(shiftMonth('2026-12', 1)).toBe('2027-01');
    expect(shiftMonth('2027-01', -1)).toBe('2026-12');
  });
});
