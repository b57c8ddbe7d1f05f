/** The next sessions, by day. Pure. */
import { SessionItem } from '../../../api/models/session-item';

export interface AgendaDay {
  /** `YYYY-MM-DD`. */
  day: string;
  sessions: SessionItem[];
}

/** A session that has begun stands on the present day. Cancelled ones and those without half-days are left out. */
export function byDay(sessions: readonly SessionItem[], today: string): AgendaDay[] {
  const days = new Map<string, SessionItem[]>();
  for (const session of sessions) {
    if (session.status === 'annulee' || !session.firstDay) continue;
    const day = session.firstDay < today ? today : session.firstDay;
    days.set(day, [...(days.get(day) ?? []), session]);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, some]) => ({ day, sessions: some }));
}

/** How many days lie between two days. */
export function daysFrom(today: string, day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}
