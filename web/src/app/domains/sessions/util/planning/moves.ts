/** Changes to the half-days of a session, as the server takes them: its whole list of rows. Pure. */
import { SessionHalfDayRow } from '../../../../api/models/session-half-day-row';
import { SessionRowRecord } from '../../../../api/models/session-row-record';
import type { Of } from './board';
import { Slot, nextSlot, order } from './days';

export type Rows = readonly SessionRowRecord[];

/** A row of the session and what it becomes. */
export interface Move {
  from: SessionHalfDayRow;
  to: SessionHalfDayRow;
}

/** A row as it will be when it is dropped on this half-day of a trainer or room; `id` null: of none. */
export function dropped(row: SessionHalfDayRow, { day, half }: Slot, of: Of, id: string | null): SessionHalfDayRow {
  return { ...plain(row), day, half, ...(of === 'formateurs' ? { formateurId: id } : { salleId: id }) };
}

/** The rows after these moves, in the order of their half-days. Null when a row is no longer there. */
export function moved(rows: Rows, moves: readonly Move[]): SessionHalfDayRow[] | null {
  const after = rows.map(plain);
  for (const { from, to } of moves) {
    const at = after.findIndex((row) => sameRow(row, from));
    if (at < 0) return null;
    after[at] = to;
  }
  return after.sort((one, other) => order(one).localeCompare(order(other)));
}

/** The rows with this trainer and room for every half-day. Two trainers of one half-day become one row. */
export function applied(rows: Rows, { formateurId, salleId }: SessionHalfDayRow): SessionHalfDayRow[] {
  const once = new Map(rows.map(({ day, half }) => [order({ day, half }), { day, half }]));
  return [...once.values()].map(({ day, half }) => ({
    ...{ day, half },
    ...{ formateurId: formateurId ?? null, salleId: salleId ?? null },
  }));
}

/** The row that usually comes next: the half-day after the last one, with its trainer and room. */
export function following(rows: Rows, today: string): SessionHalfDayRow {
  const last = rows.map(plain).sort((one, other) => order(other).localeCompare(order(one)))[0];
  if (last) return { ...last, ...nextSlot(last) };
  return { ...nextSlot({ day: today, half: 'pm' }), formateurId: null, salleId: null };
}

export function sameRow(one: SessionHalfDayRow, other: SessionHalfDayRow): boolean {
  const [a, b] = [plain(one), plain(other)];
  return order(a) === order(b) && a.formateurId === b.formateurId && a.salleId === b.salleId;
}

function plain({ day, half, formateurId, salleId }: SessionHalfDayRow): SessionHalfDayRow {
  return { day, half, formateurId: formateurId ?? null, salleId: salleId ?? null };
}
