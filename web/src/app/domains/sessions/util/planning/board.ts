/** Lays out a planning board: a row per trainer or room, a cell per half-day, sessions as bars in lanes. Pure. */
import { FormateurExpiry } from '../../../../api/models/formateur-expiry';
import { PlanningBoard } from '../../../../api/models/planning-board';
import { PlanningHalfDay } from '../../../../api/models/planning-half-day';
import { PlanningTaken } from '../../../../api/models/planning-taken';
import { SessionItem } from '../../../../api/models/session-item';
import { isDayOff, isHoliday } from '../../../../shared/calendar/holidays';
import { Clash, Day, clashesOn } from './clashes';
import { Slot, order } from './days';

export type Of = 'formateurs' | 'salles';

/** Why a half-day is shaded. `name` is the reason of an absence, or what has expired `on` a day. */
export type Off =
  { why: 'weekend' | 'holiday' } | { why: 'absence'; name: string } | { why: 'lapsed'; name: string; on: string };

/** A session on a half-day of a row. */
export interface Entry {
  session: SessionItem;
  halfDay: PlanningHalfDay;
  clashes: Clash[];
}

/** What stands side by side as one bar: a session, or something else that takes the trainer or the room. */
export interface Bar {
  key: string;
  session: SessionItem | null;
  taken: PlanningTaken | null;
  /** The rows of the session behind it, in their order; none of what is only taken. */
  entries: Entry[];
  /** Its first column, and how many it takes. */
  start: number;
  length: number;
  lane: number;
  booked: boolean;
  clashes: Clash[];
}

export interface Cell {
  entries: Entry[];
  taken: PlanningTaken[];
  off: Off[];
  /** The bars that begin here. */
  bars: Bar[];
}

export interface Line {
  /** The trainer or the room. `null`: what still has none. */
  id: string | null;
  name: string;
  site: string;
  /** Of a trainer: skills. */
  skills: string[];
  /** Of a room. */
  capacity: number | null;
  expiries: FormateurExpiry[];
  cells: Cell[];
  lanes: number;
  /** Half-days that are taken, of those on which work is usual and nobody is away. */
  load: { busy: number; open: number };
  clashes: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Bare = Pick<Line, 'id' | 'name' | 'site' | 'skills' | 'capacity' | 'expiries'>;

/** The lines of a board in their order: what has no trainer or room yet comes first, if there is any. */
export function linesOf(board: PlanningBoard, of: Of, slots: readonly Slot[]): Line[] {
  const known: Bare[] =
    of === 'formateurs'
      ? board.formateurs.map(({ id, name, localisation, skills, expiries }) => ({
          ...{ id, name, skills, expiries },
          ...{ site: localisation.name, capacity: null },
        }))
      : board.salles.map(({ id, name, localisation, capacity }) => ({
          ...{ id, name, skills: [], expiries: [] },
          ...{ site: localisation.name, capacity: capacity ?? null },
        }));
  const none: Bare = { id: null, name: '', site: '', skills: [], capacity: null, expiries: [] };
  const day = new Day(board);
  const halfDays = grouped(board.halfDays, (one) => owner(one, of));
  const taken = grouped(
    board.taken.filter((one) => one.of === (of === 'formateurs' ? 'formateur' : 'salle')),
    (one) => one.id,
  );
  const ids = new Set<string | null>(known.map(({ id }) => id));
  // What has nobody yet, or only a name of an older planning.
  const loose = [...halfDays].filter(([id]) => !ids.has(id) && !UUID.test(id)).flatMap(([, some]) => some);
  const lines = known.map((bare) =>
    lineOf(bare, of, slots, halfDays.get(bare.id ?? '') ?? [], taken.get(bare.id ?? '') ?? [], day),
  );
  const open = loose.filter((one) => of === 'formateurs' || !one.remote);
  const first = open.length ? lineOf(none, of, slots, open, [], day) : null;
  return first?.cells.some(({ entries }) => entries.length) ? [first, ...lines] : lines;
}

function lineOf(
  bare: Bare,
  of: Of,
  slots: readonly Slot[],
  halfDays: readonly PlanningHalfDay[],
  taken: readonly PlanningTaken[],
  day: Day,
): Line {
  const columns = new Map(slots.map((slot, at) => [order(slot), at]));
  const cells = slots.map((slot): Cell => ({ entries: [], taken: [], off: offOf(slot, bare), bars: [] }));
  for (const one of taken) {
    const cell = cells[columns.get(order(one)) ?? -1];
    if (!cell) continue;
    if (one.absence) cell.off.unshift({ why: 'absence', name: one.reason ?? '' });
    else cell.taken.push(one);
  }
  for (const halfDay of halfDays) {
    const cell = cells[columns.get(order(halfDay)) ?? -1];
    const session = day.session(halfDay.sessionId);
    if (cell && session) cell.entries.push({ session, halfDay, clashes: [] });
  }
  for (const cell of cells)
    for (const entry of cell.entries) entry.clashes = clashesOn(entry, cell, bare.id === null ? null : of, day);
  const lanes = barsOf(cells);
  const usual = cells.filter(({ off }) => off.every(({ why }) => why === 'lapsed'));
  return {
    ...bare,
    cells,
    lanes,
    load: {
      busy: cells.filter(({ entries, taken }) => entries.length || taken.length).length,
      open: usual.length,
    },
    clashes: cells.filter(({ entries }) => entries.some(({ clashes }) => clashes.length)).length,
  };
}

function offOf({ day }: Slot, { expiries }: Bare): Off[] {
  const off: Off[] = [];
  if (isHoliday(day)) off.push({ why: 'holiday' });
  else if (isDayOff(day)) off.push({ why: 'weekend' });
  for (const { name, expiresOn } of expiries)
    if (expiresOn < day) off.push({ why: 'lapsed', name: name ?? '', on: expiresOn });
  return off;
}

/** Puts the bars into the cells where they begin, each in the lowest lane that is free. Returns how many lanes there are. */
function barsOf(cells: Cell[]): number {
  /** The first column that is free again, by lane. */
  const free: number[] = [];
  const open = new Map<string, Bar>();
  cells.forEach((cell, at) => {
    const here = [
      ...[...grouped(cell.entries, ({ session }) => session.id)].map(([id, entries]) => ({ id, entries, taken: null })),
      ...cell.taken.map((taken) => ({
        id: `taken ${taken.opportunite?.id ?? taken.session?.id ?? ''}`,
        entries: [],
        taken,
      })),
    ];
    // Bars that go on keep their lanes before others look for one.
    const fresh = here.filter(({ id, entries, taken }) => {
      const before = open.get(id);
      if (!before || before.start + before.length !== at) return true;
      if (before.booked !== isBooked(entries, taken)) return true;
      before.length++;
      before.entries.push(...entries);
      before.clashes.push(...entries.flatMap(({ clashes }) => clashes));
      free[before.lane] = at + 1;
      return false;
    });
    for (const { id, entries, taken } of fresh) {
      const booked = isBooked(entries, taken);
      const found = free.findIndex((from) => from <= at);
      const lane = found < 0 ? free.length : found;
      free[lane] = at + 1;
      const bar: Bar = {
        ...{ key: `${id} ${at}`, session: entries[0]?.session ?? null, taken, entries, booked, lane },
        ...{ start: at, length: 1, clashes: entries.flatMap(({ clashes }) => clashes) },
      };
      open.set(id, bar);
      cell.bars.push(bar);
    }
  });
  return free.length;
}

function isBooked(entries: readonly Entry[], taken: PlanningTaken | null): boolean {
  return taken !== null || entries.every(({ halfDay }) => halfDay.booked);
}

function owner(one: PlanningHalfDay, of: Of): string {
  return (of === 'formateurs' ? one.formateur : one.salle) ?? '';
}

function grouped<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = by(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
