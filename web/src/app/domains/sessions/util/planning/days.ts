/** The days of a planning board: which ones a view shows, and its half-days in their order. Days are `YYYY-MM-DD`. Pure. */
import { Half } from '../../../../api/models/half';
import { isDayOff } from '../../../../shared/calendar/holidays';

export type View = 'jour' | 'semaine' | 'mois';
export const VIEWS: readonly View[] = ['jour', 'semaine', 'mois'];

/** A column of the board. */
export interface Slot {
  day: string;
  half: Half;
}

const DAY_MS = 86_400_000;
export const HALVES: readonly Half[] = ['am', 'pm'];

export function plusDays(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

/** The days that a view shows around this day: it, its week from Monday, or its month. */
export function daysOf(view: View, day: string): string[] {
  if (view === 'jour') return [day];
  if (view === 'semaine') {
    const monday = plusDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
    return Array.from({ length: 7 }, (_, at) => plusDays(monday, at));
  }
  const first = `${day.slice(0, 7)}-01`;
  const next = new Date(`${first}T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const count = (next.getTime() - Date.parse(`${first}T00:00:00Z`)) / DAY_MS;
  return Array.from({ length: count }, (_, at) => plusDays(first, at));
}

/** The same day one view earlier or later. In a shorter month: its last day. */
export function stepped(view: View, day: string, by: -1 | 1): string {
  if (view === 'jour') return plusDays(day, by);
  if (view === 'semaine') return plusDays(day, 7 * by);
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + by);
  const days = daysOf('mois', first.toISOString().slice(0, 10));
  return days[Math.min(Number(day.slice(8)), days.length) - 1] ?? day;
}

export function slotsOf(days: readonly string[]): Slot[] {
  return days.flatMap((day) => HALVES.map((half) => ({ day, half })));
}

/** The next half-day on which work is usual. */
export function nextSlot({ day, half }: Slot): Slot {
  if (half === 'am') return { day, half: 'pm' };
  let next = plusDays(day, 1);
  while (isDayOff(next)) next = plusDays(next, 1);
  return { day: next, half: 'am' };
}

/**
 * Where each of these half-days goes when the first one goes to `target`: the next ones keep their distance in usual
 * half-days, so that what lasts over a weekend does so again.
 */
export function followed(slots: readonly Slot[], target: Slot): Slot[] {
  const [first] = slots;
  if (!first) return [];
  return slots.map((slot) => {
    let [from, to] = [first, target];
    while (order(from) < order(slot)) [from, to] = [nextSlot(from), nextSlot(to)];
    return to;
  });
}

/** A text that sorts as the half-days do. */
export function order({ day, half }: Slot): string {
  return `${day} ${half}`;
}
