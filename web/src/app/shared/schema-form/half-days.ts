/** The half-days between two dates, without weekends and legal holidays unless requested. */
import { isDayOff } from '../calendar/holidays';

const MOST_DAYS = 400;

/** Pairs of day and half, in order; at most a year of them, so that a typing error cannot freeze the page. */
export function halfDays<H>(from: string, to: string, halves: H[], everyDay = false): [string, H][] {
  const day = new Date(`${from}T00:00:00Z`);
  const end = new Date(`${to}T00:00:00Z`);
  const found: [string, H][] = [];
  for (let count = 0; day <= end && count < MOST_DAYS; count++) {
    const iso = day.toISOString().slice(0, 10);
    if (everyDay || !isDayOff(iso)) found.push(...halves.map((half): [string, H] => [iso, half]));
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return found;
}
