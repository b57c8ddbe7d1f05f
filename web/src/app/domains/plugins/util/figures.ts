/** Formats durations and sizes. */
import { Format } from '../../../shared/i18n/pipes';

/** Microseconds as `850 µs` or `12,4 ms`; a dash for none. */
export function micros(value: number | null | undefined, format: Format): string {
  if (value === null || value === undefined) return '—';
  return value < 1000 ? `${format.count(value, 1)} µs` : `${format.count(value / 1000, 1)} ms`;
}

/** Bytes as `312 ko` or `4,5 Mo`, by 1024. */
export function bytes(value: number, format: Format): string {
  const french = format.tag.startsWith('fr');
  return value < 1024 * 1024
    ? `${format.count(value / 1024, 0)} ${french ? 'ko' : 'kB'}`
    : `${format.count(value / 1024 / 1024, 1)} ${french ? 'Mo' : 'MB'}`;
}
