import { firstDay, kindOf, periodAt, periodLabel, shifted } from './period';

describe('period', () => {
  it('is found around a day', () => {
    expect(periodAt('year', '2026-11-22')).toBe('2026');
    expect(periodAt('quarter', '2026-11-22')).toBe('2026-Q4');
    expect(periodAt('quarter', '2026-03-31')).toBe('2026-Q1');
    expect(periodAt('month', '2026-01-05')).toBe('2026-01');
  });

  it('moves over year ends', () => {
    expect(shifted('2026-Q1', -1)).toBe('2025-Q4');
    expect(shifted('2026-12', 1)).toBe('2027-01');
    expect(shifted('2026', 1)).toBe('2027');
  });

  it('knows its kind, its first day and its name', () => {
    expect([kindOf('2026'), kindOf('2026-Q2'), kindOf('2026-07')]).toEqual(['year', 'quarter', 'month']);
    expect(firstDay('2026-Q3')).toBe('2026-07-01');
    expect(periodLabel('2026-Q4', 'fr-FR')).toBe('T4 2026');
    expect(periodLabel('2026-11', 'fr-FR')).toBe('novembre 2026');
  });
});
