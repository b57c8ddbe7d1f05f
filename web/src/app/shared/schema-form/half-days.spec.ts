import { halfDays } from './half-days';

describe('halfDays', () => {
  it('skips weekends and keeps both halves in order', () => {
    expect(halfDays('2026-12-11', '2026-12-14', ['am', 'pm'])).toEqual([
      ['2026-12-11', 'am'],
      ['2026-12-11', 'pm'],
      ['2026-12-14', 'am'],
      ['2026-12-14', 'pm'],
    ]);
  });

  it('skips holidays, too, unless every day is wanted', () => {
    expect(halfDays('2026-12-24', '2026-12-28', ['am'])).toEqual([
      ['2026-12-24', 'am'],
      ['2026-12-28', 'am'],
    ]);
    expect(halfDays('2026-12-24', '2026-12-28', ['am'], true)).toHaveLength(5);
  });

  it('is empty for an inverted span and bounded for a wild one', () => {
    expect(halfDays('2026-12-14', '2026-12-11', ['am'])).toEqual([]);
    expect(halfDays('2026-01-01', '9026-01-01', ['am']).length).toBeLessThan(400);
  });
});
