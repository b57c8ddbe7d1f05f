/** Figures as the API gives them, put into words, compared and drawn. Pure. */
import { Figure } from '../../../api/models/figure';
import { Format } from '../../../shared/i18n/pipes';

/** The figure as one number in the unit it is drawn in: euros, count, percent, hours; `null` for no value. */
export function drawn(figure: Figure | null | undefined): number | null {
  if (!figure) return null;
  switch (figure.kind) {
    case 'none': return null;
    case 'money': return (figure.value ?? 0) / 100;
    case 'ratio': return figure.denominator ? ((figure.numerator ?? 0) / figure.denominator) * 100 : null;
    case 'minutes': return (figure.value ?? 0) / 60;
    default: return figure.value ?? null;
  }
}

/** `12 400 €`, `37 %`, `14`, `5 h 30`, or a dash for no value. */
export function say(figure: Figure | null | undefined, format: Format, short = false): string {
  if (!figure) return '—';
  switch (figure.kind) {
    case 'none': return '—';
    case 'money': return short ? format.moneyShort(figure.value ?? 0) : format.money(figure.value ?? 0, true);
    case 'ratio': return figure.denominator ? format.percent((figure.numerator ?? 0) / figure.denominator, 1) : '—';
    case 'minutes': return format.minutes(figure.value ?? 0);
    default: return figure.value === null || figure.value === undefined ? '—' : format.count(figure.value);
  }
}

/** Change against an earlier figure as a ratio (0.1 = 10 % more); `null` where it means nothing. */
export function change(now: Figure, before: Figure | null | undefined): number | null {
  const [a, b] = [drawn(now), drawn(before)];
  return a === null || b === null || b === 0 ? null : (a - b) / Math.abs(b);
}

/** A target in its metric's unit (cents, count, percent × 100, minutes) as a figure. */
export function targetFigure(target: number, unit: string): Figure {
  switch (unit) {
    case 'money': return { kind: 'money', value: target };
    case 'percent': case 'ratio': return { kind: 'ratio', numerator: target, denominator: 10_000 };
    case 'hours': case 'minutes': return { kind: 'minutes', value: target };
    default: return { kind: 'count', value: target };
  }
}

/** How many stored units one typed unit makes: 45 (%) is 4500, 12 (hours) is 720; money is typed as cents already. */
export function scale(unit: string): number {
  if (unit === 'percent' || unit === 'ratio') return 100;
  return unit === 'hours' || unit === 'minutes' ? 60 : 1;
}
