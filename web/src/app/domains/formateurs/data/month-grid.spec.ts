import { monthGrid, shiftMonth } from './month-grid';

describe('month grid', () => {
  it('shows whole working weeks, from Monday', () => {
    const november = monthGrid('2026-11');
    expect(november[0]).toEqual(['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06']);
    expect(november.at(-1)?.[0]).toBe('2026-11-30');
    expect(november).toHaveLength(5);
  });

  it('begins with the week that holds the first working day', () => {
    expect(monthGrid('2026-12')[0]?.[0]).toBe('2026-11-30');
  });

  it('moves over year ends', () => {
    expect(shiftMonth('2026-12', 1)).toBe('2027-01');
    expect(shiftMonth('2027-01', -1)).toBe('2026-12');
  });
});
