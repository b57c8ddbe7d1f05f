/** Periods in the API's form: `2026`, `2026-2027` (a school year), `2026-S2`, `2026-Q4`, `2026-11`. Pure. */

export type PeriodKind = 'month' | 'quarter' | 'semester' | 'year' | 'school';

/** The month in which a school year begins. */
const SEPTEMBER = 9;

export function kindOf(period: string): PeriodKind {
  if (period.includes('Q')) return 'quarter';
  if (period.includes('S')) return 'semester';
  if (/^\d{4}-\d{4}$/.test(period)) return 'school';
  return period.includes('-') ? 'month' : 'year';
}

/** The period of that kind which contains a day `YYYY-MM-DD`. */
export function periodAt(kind: PeriodKind, day: string): string {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))];
  if (kind === 'year') return year;
  if (kind === 'school') {
    const begun = month < SEPTEMBER ? Number(year) - 1 : Number(year);
    return `${begun}-${begun + 1}`;
  }
  if (kind === 'semester') return `${year}-S${month < 7 ? 1 : 2}`;
  return kind === 'quarter' ? `${year}-Q${Math.ceil(month / 3)}` : `${year}-${String(month).padStart(2, '0')}`;
}

/** The first day of a period. */
export function firstDay(period: string): string {
  const year = period.slice(0, 4);
  if (kindOf(period) === 'year') return `${year}-01-01`;
  if (kindOf(period) === 'month') return `${period}-01`;
  if (kindOf(period) === 'school') return `${year}-09-01`;
  if (kindOf(period) === 'semester') return `${year}-${period.endsWith('1') ? '01' : '07'}-01`;
  return `${year}-${String(Number(period.slice(6)) * 3 - 2).padStart(2, '0')}-01`;
}

/** The period before (-1) or after (+1). */
export function shifted(period: string, by: -1 | 1): string {
  const kind = kindOf(period);
  const day = new Date(`${firstDay(period)}T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + by * { month: 1, quarter: 3, semester: 6, year: 12, school: 12 }[kind]);
  return periodAt(kind, day.toISOString().slice(0, 10));
}

/** `novembre 2026`, `T4 2026`, `S2 2026`, `2026`, `2026-2027`. */
export function periodLabel(period: string, tag: string): string {
  const kind = kindOf(period);
  if (kind === 'year' || kind === 'school') return period;
  if (kind === 'semester') return `${tag.startsWith('fr') ? 'S' : 'H'}${period.slice(6)} ${period.slice(0, 4)}`;
  if (kind === 'quarter') return `${tag.startsWith('fr') ? 'T' : 'Q'}${period.slice(6)} ${period.slice(0, 4)}`;
  return new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  );
}
