/**
 * The footer of a grid (`x-totals`): the sum of the nets, the VAT of each rate computed once on the sum of its nets
 * (EN 16931, BR-CO-17), and the gross. Amounts are integer cents.
 */
import { asObject } from './edits';
import type { Json } from './schema';

/** The columns that the footer adds up. */
export interface Totals {
  /** The column of the nets. */
  net: string;
  /** The column that chooses the rate. */
  by: string;
  /** The percentage of each choice. */
  of: Readonly<Record<string, number>>;
}

export interface Footer {
  net: number;
  /** The rates above zero that occur, the lowest first. */
  rates: { percent: number; base: number; vat: number }[];
  gross: number;
}

/** Parses the keyword; `null` for an invalid one. */
export function totalsOf(raw: unknown): Totals | null {
  if (!raw || typeof raw !== 'object') return null;
  const { net, rate } = raw as { net?: unknown; rate?: { by?: unknown; of?: unknown } };
  return typeof net === 'string' && typeof rate?.by === 'string' && rate.of && typeof rate.of === 'object'
    ? { net, by: rate.by, of: rate.of as Record<string, number> }
    : null;
}

/** The sums of the rows that have a net. A row that is still being typed waits. */
export function footerOf({ net, by, of }: Totals, rows: readonly Json[]): Footer {
  const bases = new Map<number, number>();
  let sum = 0;
  for (const row of rows.map(asObject)) {
    const [amount, choice] = [row[net], row[by]];
    if (typeof amount !== 'number') continue;
    sum += amount;
    const percent = typeof choice === 'string' ? (of[choice] ?? 0) : 0;
    if (percent > 0) bases.set(percent, (bases.get(percent) ?? 0) + amount);
  }
  const rates = [...bases]
    .sort(([a], [b]) => a - b)
    .map(([percent, base]) => ({ percent, base, vat: percentage(base, percent) }));
  return { net: sum, rates, gross: rates.reduce((gross, { vat }) => gross + vat, sum) };
}

/** Half away from zero, as on the server. A rate has at most two decimals. */
function percentage(base: number, percent: number): number {
  const scaled = Math.abs(base) * Math.round(percent * 100);
  return Math.sign(base) * Math.floor((scaled + 5000) / 10_000);
}
