/** Formats and parses money, dates and numbers. Pure functions: the language tag is an argument. */
import { MOST_DECIMALS } from './reading';

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  let made = cache.get(key) as T | undefined;
  if (!made) cache.set(key, (made = make()));
  return made;
}

/**
 * `Intl` puts a narrow no-break space between French thousands and before units. The font draws it without width, so
 * the wide one replaces it.
 */
function visible(text: string): string {
  return text.replaceAll('\u202f', '\u00a0');
}

/** Integer cents as `1 234,56 €`; whole euros drop the decimals when `round` is set. */
export function formatMoney(cents: number, tag: string, round = false): string {
  const digits = round ? 0 : 2;
  return visible(
    cached(
      `m${digits}${tag}`,
      () =>
        new Intl.NumberFormat(tag, {
          style: 'currency',
          currency: 'EUR',
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        }),
    ).format(cents / 100),
  );
}

/** Integer cents as `87 k€` or `1,2 M€`, for columns and charts. */
export function formatMoneyShort(cents: number, tag: string): string {
  const parts = cached(
    `s${tag}`,
    () =>
      new Intl.NumberFormat(tag, {
        style: 'currency',
        currency: 'EUR',
        notation: 'compact',
        minimumFractionDigits: 0,
        maximumFractionDigits: 1,
      }),
  ).formatToParts(cents / 100);
  // `Intl` writes `87 k €`. There is no space between a multiple and its unit.
  return visible(
    parts
      .filter(({ type }, at) => !(type === 'literal' && parts[at - 1]?.type === 'compact'))
      .map(({ value }) => value)
      .join(''),
  );
}

/** Cents as an editable text, `1234,56`, without the currency. */
export function moneyToInput(cents: number | null | undefined, tag: string): string {
  if (cents === null || cents === undefined) return '';
  return visible(
    cached(
      `i${tag}`,
      () => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: true }),
    ).format(cents / 100),
  );
}

/** A number as an editable text, `1 234,5`, with as many decimals as it has. */
export function numberToInput(value: number | null | undefined, tag: string): string {
  if (value === null || value === undefined) return '';
  return visible(
    cached(`v${tag}`, () => new Intl.NumberFormat(tag, { maximumFractionDigits: MOST_DECIMALS })).format(value),
  );
}

export function formatCount(value: number, tag: string, digits = 0): string {
  return visible(
    cached(`n${digits}${tag}`, () => new Intl.NumberFormat(tag, { maximumFractionDigits: digits })).format(value),
  );
}

export function formatPercent(value: number, tag: string, digits = 0): string {
  return visible(
    cached(
      `p${digits}${tag}`,
      () => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: digits }),
    ).format(value),
  );
}

export type DayStyle = 'short' | 'long' | 'near' | 'weekday';

/** A calendar date `YYYY-MM-DD` as `31/12/2026`. Built in UTC so that no time zone can shift the day. */
export function formatDay(iso: string, tag: string, style: DayStyle = 'short'): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const options: Intl.DateTimeFormatOptions = {
    short: { day: '2-digit', month: '2-digit', year: 'numeric' } as const,
    long: { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' } as const,
    near: { weekday: 'long', day: 'numeric', month: 'long' } as const,
    weekday: { weekday: 'short', day: 'numeric' } as const,
  }[style];
  return cached(`d${style}${tag}`, () => new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' })).format(date);
}

/** `2026-11` as `nov. 2026`, or `nov.` alone. */
export function formatMonth(month: string, tag: string, style: 'dated' | 'alone' = 'dated'): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  const year = style === 'dated' ? ({ year: 'numeric' } as const) : {};
  return cached(
    `mo${style}${tag}`,
    () => new Intl.DateTimeFormat(tag, { month: 'short', ...year, timeZone: 'UTC' }),
  ).format(date);
}

/** An instant in Paris time, `22/11/2026 19:05`, whatever zone the browser is in. */
export function formatInstant(iso: string, tag: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return cached(
    `t${tag}`,
    () => new Intl.DateTimeFormat(tag, { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Paris' }),
  ).format(date);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `il y a 3 h`. Months are written in full, since `11 m.` reads as minutes. */
export function formatAgo(iso: string, tag: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const [unit, size] = STEPS.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', Infinity];
  const style = unit === 'month' ? 'long' : 'short';
  return visible(
    cached(`r${style}${tag}`, () => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style })).format(
      Math.round(seconds / size),
      unit,
    ),
  );
}

/** Age of something as a badge: `12 j`, `5 h`, `3 min`. Calendar time, not working hours. */
export function formatAge(iso: string, tag: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - new Date(iso).getTime()) / 1000);
  const [unit, size]: [string, number] =
    seconds >= 86_400 ? ['day', 86_400] : seconds >= 3600 ? ['hour', 3600] : ['minute', 60];
  return visible(
    cached(`a${unit}${tag}`, () => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' })).format(
      Math.floor(seconds / size),
    ),
  );
}

/** Half-hours and days out of minutes: `2 h 30`. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest}\u00a0min`;
  return rest === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${String(rest).padStart(2, '0')}`;
}

/** Today in Paris as `YYYY-MM-DD`. */
export function today(now = new Date()): string {
  return new Intl.DateTimeFormat('fr-CA', {
    timeZone: 'Europe/Paris',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now);
}

/** Parses `31/12/2026`, `31.12.26`, `31122026` or `2026-12-31`; `null` for anything that is not an existing day. */
export function parseDay(text: string): string | null {
  const trimmed = text.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(trimmed);
  const local =
    /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4}|\d{2})$/.exec(trimmed) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(trimmed);
  const parts = iso ? [iso[1], iso[2], iso[3]] : local ? [local[3], local[2], local[1]] : null;
  if (!parts) return null;
  const [year, month, day] = parts.map(Number) as [number, number, number];
  const full = year < 100 ? 2000 + year : year;
  const date = new Date(Date.UTC(full, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}
