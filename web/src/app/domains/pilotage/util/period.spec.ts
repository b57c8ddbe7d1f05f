import { firstDay, kindOf, periodAt, periodLabel, shifted } from './period';

describe('period', () => {
  it('is found around a day', () => {
    expect(periodAt('year', '2026-11-22')).toBe('2026');
    expect(periodAt('quarter', '2026-11-22')).toBe('2026-Q4');
    expect(periodAt('quarter', '2026-03-31')).toBe('2026-Q1');
    expect(periodAt('month', '2026-01-05')).toBe('2026-01');
    expect([periodAt('semester', '2026-06-30'), periodAt('semester', '2026-07-01')]).toEqual(['2026-S1', '2026-S2']);
    expect([periodAt('school', '2026-08-31'), periodAt('school', '2026-09-01')]).toEqual(['2025-2026', '2026-2027']);
  });

  it('moves over year ends', () => {
    expect(shifted('2026-Q1', -1)).toBe('2025-Q4');
    expect(shifted('2026-12', 1)).toBe('2027-01');
    expect(shifted('2026', 1)).toBe('2027');
    expect([shifted('2026-S1', -1), shifted('2026-S2', 1)]).toEqual(['2025-S2', '2027-S1']);
    expect([shifted('2026-2027', -1), shifted('2026-2027', 1)]).toEqual(['2025-2026', '2027-2028']);
  });

  it('knows its kind, its first day and its name', () => {
    expect([kindOf('2026'), kindOf('2026-Q2'), kindOf('2026-07')]).toEqual(['year', 'quarter', 'month']);
    expect([kindOf('2026-S2'), kindOf('2026-2027')]).toEqual(['semester', 'school']);
    expect([firstDay('2026-S2'), firstDay('2026-2027')]).toEqual(['2026-07-01', '2026-09-01']);
    expect([periodLabel('2026-S2', 'fr-FR'), periodLabel('2026-2027', 'fr-FR')]).toEqual(['S2 2026', '2026-2027']);
    expect(firstDay('2026-Q3')).toBe('2026-07-01');
    expect(periodLabel('2026-Q4', 'fr-FR')).toBe('T4 2026');
    expect(periodLabel('2026-11', 'fr-FR')).toBe('novembre 2026');
  });
});
