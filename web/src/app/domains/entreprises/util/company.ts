/** What a company's records say together. Pure. */
import { OpportuniteItem } from '../../../api/models/opportunite-item';
import { SessionItem } from '../../../api/models/session-item';
import { Tache } from '../../../api/models/tache';

export interface Standing {
  open: number;
  /** Cents. */
  openAmount: number;
}

/** How the opportunités of a company stand. Signed ones count while a role still has to act, as in the list. */
export function standing(deals: readonly OpportuniteItem[]): Standing {
  const open = deals.filter(
    ({ outcome, waitsOn }) => outcome === 'open' || outcome === 'suspended' || waitsOn.some(({ role }) => role),
  );
  return {
    open: open.length,
    openAmount: open.reduce((sum, { amount }) => sum + amount, 0),
  };
}

export function isWon({ outcome }: OpportuniteItem): boolean {
  return outcome === 'won' || outcome === 'done';
}

/** The task that comes first. Those without a day come last. */
export function nextTask(tasks: readonly Tache[]): Tache | undefined {
  return tasks.filter(({ doneAt }) => !doneAt).toSorted((a, b) => due(a).localeCompare(due(b)))[0];
}
function due({ dueOn }: Tache): string {
  return dueOn ?? '9999';
}

/** Each session once, the latest first, without cancelled ones. */
export function together(lists: readonly (readonly SessionItem[])[]): SessionItem[] {
  const all = new Map(lists.flat().map((session) => [session.id, session]));
  return [...all.values()]
    .filter(({ status }) => status !== 'annulee')
    .sort((a, b) => (b.firstDay ?? '').localeCompare(a.firstDay ?? ''));
}

/** The first day of the next session, otherwise that of the last one. `sessions` are as `together` gives them. */
export function nearest(sessions: readonly SessionItem[], today: string): { day: string; coming: boolean } | undefined {
  const next = sessions.findLast(({ firstDay }) => firstDay && firstDay >= today)?.firstDay;
  const last = sessions.find(({ firstDay }) => firstDay && firstDay < today)?.firstDay;
  return next ? { day: next, coming: true } : last ? { day: last, coming: false } : undefined;
}

/** The last years, the present one last. */
export function years(today: string, count: number): number[] {
  const now = Number(today.slice(0, 4));
  return Array.from({ length: count }, (_, at) => now - count + 1 + at);
}
