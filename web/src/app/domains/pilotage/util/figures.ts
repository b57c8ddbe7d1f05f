/** Formats, compares and plots the API's figures. Pure. */
import { DashboardPeriod } from '../../../api/models/dashboard-period';
import { Figure } from '../../../api/models/figure';
import { LeftOut } from '../../../api/models/left-out';
import { MetricFigure } from '../../../api/models/metric-figure';
import { Text } from '../../../api/models/text';
import { Format } from '../../../shared/i18n/pipes';

/** The figure as one number in the unit of the chart: euros, count, percent, hours; `null` without a value. */
export function drawn(figure: Figure | null | undefined): number | null {
  if (!figure) return null;
  switch (figure.kind) {
    case 'none':
      return null;
    case 'money':
      return (figure.value ?? 0) / 100;
    case 'ratio':
      return figure.denominator ? ((figure.numerator ?? 0) / figure.denominator) * 100 : null;
    case 'minutes':
      return (figure.value ?? 0) / 60;
    default:
      return figure.value ?? null;
  }
}

/** `12 400 €`, `37 %`, `14`, `5 h 30`, or a dash for no value. */
export function say(figure: Figure | null | undefined, format: Format, short = false): string {
  if (!figure) return '—';
  switch (figure.kind) {
    case 'none':
      return '—';
    case 'money':
      return short ? format.moneyShort(figure.value ?? 0) : format.money(figure.value ?? 0, true);
    case 'ratio':
      return figure.denominator ? format.percent((figure.numerator ?? 0) / figure.denominator, 1) : '—';
    case 'minutes':
      return format.minutes(figure.value ?? 0);
    default:
      return figure.value === null || figure.value === undefined ? '—' : format.count(figure.value);
  }
}

/** A number of the chart, as `drawn` makes it, on its axis: `40 k€`, `60 %`, `12 h`. */
export function onAxis(kind: Figure['kind'], value: number, format: Format): string {
  switch (kind) {
    case 'money':
      return format.moneyShort(value * 100);
    case 'ratio':
      return format.percent(value / 100, 1);
    case 'minutes':
      return value === 0 ? '0' : format.minutes(value * 60);
    default:
      return format.count(value, 1);
  }
}

/** A figure compared with an earlier one. */
export type Comparison =
  | { kind: 'new' }
  | { kind: 'percent'; by: number }
  | { kind: 'points'; by: number }
  | { kind: 'difference'; by: number; figure: Figure };

/** With a base below this, a percentage means nothing: euros, count, hours. */
const SMALL_BASE: Partial<Record<Figure['kind'], number>> = { money: 1000, count: 10, minutes: 10 };

/**
 * Compares with an earlier figure; `null` when there is nothing to compare. The change of a percentage is in points.
 * When the base is small or the figure has more than doubled, it is the difference itself: `+28` says more than `+2 800
 * %`.
 */
export function compared(now: Figure, before: Figure | null | undefined): Comparison | null {
  const [a, b] = [drawn(now), drawn(before)];
  if (a === null || b === null || a === b) return null;
  if (now.kind === 'ratio') return { kind: 'points', by: a - b };
  if (b === 0) return { kind: 'new' };
  const by = (a - b) / Math.abs(b);
  if (Math.abs(b) >= (SMALL_BASE[now.kind] ?? 0) && Math.abs(by) <= 1) return { kind: 'percent', by };
  return {
    kind: 'difference',
    by: a - b,
    figure: { kind: now.kind, value: Math.abs((now.value ?? 0) - (before?.value ?? 0)) },
  };
}

/** Is the change good, bad, or neither? The metric says which direction is good. */
export function judged(comparison: Comparison, better: MetricFigure['better']): 'good' | 'bad' | '' {
  if (!better) return '';
  const up = comparison.kind === 'new' || comparison.by > 0;
  return up === (better === 'higher') ? 'good' : 'bad';
}

/** The size of a difference as text, without its sign. */
export function sayCompared(comparison: Exclude<Comparison, { kind: 'new' }>, format: Format): string {
  switch (comparison.kind) {
    case 'percent':
      return format.percent(Math.abs(comparison.by));
    case 'points':
      return `${format.count(Math.abs(comparison.by), 1)}\u00a0pts`;
    case 'difference':
      return say(comparison.figure, format);
  }
}

/** A target in its metric's unit (cents, count, percent × 100, minutes) as a figure. */
export function targetFigure(target: number, unit: string): Figure {
  switch (unit) {
    case 'money':
      return { kind: 'money', value: target };
    case 'percent':
    case 'ratio':
      return { kind: 'ratio', numerator: target, denominator: 10_000 };
    case 'hours':
    case 'minutes':
      return { kind: 'minutes', value: target };
    default:
      return { kind: 'count', value: target };
  }
}

/** The colour of a level of attainment. */
export function toneOf(level: string | undefined): string {
  const tones: Record<string, string> = {
    reached: 'tone-good',
    good: 'tone-teal',
    'under-way': 'tone-info',
    slow: 'tone-warn',
    attention: 'tone-bad',
  };
  return tones[level ?? ''] ?? '';
}

/** The part of a period that is over with this day: 0 before it, 1 after it. Both ends are days of the period. */
export function elapsed(first: string, last: string, today: string): number {
  const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
  const days = at(last) - at(first) + 1;
  return Math.max(0, Math.min(1, (at(today) - at(first) + 1) / days));
}

/** How many stored units one typed unit has: 45 (%) is 4500, 12 (hours) is 720. Money is typed as cents already. */
export function scale(unit: string): number {
  if (unit === 'percent' || unit === 'ratio') return 100;
  return unit === 'hours' || unit === 'minutes' ? 60 : 1;
}

/** Figures that have a key, as a table: a row for each key in the order of `rank`, a column for each metric. */
export function bySection(
  metrics: MetricFigure[],
  rank: (key: string) => number,
): { columns: { id: string; label: Text }[]; rows: { key: string; figures: (MetricFigure | undefined)[] }[] } {
  const keyed = metrics.filter(({ key }) => key);
  const columns = [...new Map(keyed.map(({ id, label }) => [id, { id, label }])).values()];
  const keys = [...new Set(keyed.map(({ key }) => key ?? ''))].sort((a, b) => rank(a) - rank(b));
  return {
    columns,
    rows: keys.map((key) => ({
      key,
      figures: columns.map(({ id }) => keyed.find((one) => one.id === id && one.key === key)),
    })),
  };
}

/** Sites that a figure does not cover, grouped by reason. */
export interface Gap {
  reason: LeftOut['reason'];
  /** Their names as a list in the page's language. */
  sites: string;
}

export function gaps(leftOut: LeftOut[], format: Pick<Format, 'list'>): Gap[] {
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  return reasons.map((reason) => ({
    reason,
    sites: format.list(leftOut.filter((one) => one.reason === reason).map(({ localisation }) => localisation.name)),
  }));
}

/** The days of a year before that figures are compared with: `T4 2025`, or up to which day of it. */
export function againstYear({ last, yearBefore }: DashboardPeriod, format: Pick<Format, 'day'>): string {
  // Of a period under way only a part is compared.
  const whole =
    yearBefore.last.slice(5) === last.slice(5) || last.endsWith('-02-29') || yearBefore.last.endsWith('-02-29');
  return whole ? yearBefore.label : `${yearBefore.label} → ${format.day(yearBefore.last)}`;
}
