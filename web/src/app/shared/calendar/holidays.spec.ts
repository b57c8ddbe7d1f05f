import { isDayOff, isHoliday } from './holidays';

describe('legal holidays', () => {
  it('are the eleven of a year', () => {
    const days = Array.from({ length: 365 }, (_, at) => new Date(Date.UTC(2027, 0, 1 + at)).toISOString().slice(0, 10));
    expect(days.filter(isHoliday)).toEqual([
      '2027-01-01',
      '2027-03-29',
      '2027-05-01',
      '2027-05-06',
      '2027-05-08',
      '2027-05-17',
      '2027-07-14',
      '2027-08-15',
      '2027-11-01',
      '2027-11-11',
      '2027-12-25',
    ]);
  });

  it('move with Easter', () => {
    for (const day of [
      '2024-04-01',
      '2024-05-09',
      '2024-05-20',
      '2026-04-06',
      '2026-05-14',
      '2026-05-25',
      '2038-04-26',
    ])
      expect(isHoliday(day), day).toBe(true);
  });

  it('are days off, and so are week-ends', () => {
    expect(['2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28'].map(isDayOff)).toEqual([true, true, true, false]);
  });
});
