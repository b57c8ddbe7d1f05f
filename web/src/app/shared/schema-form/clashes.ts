/** Half-days for which a record is booked twice: within the list, or by another file. Pure. */
import { asObject } from './edits';
import { FieldSpec, Json, isFilled, plain } from './schema';

/** A half-day for which a record is booked. */
export interface Slot {
  day: string;
  half: string;
  /** The holder, when the user may know it: the number of a file, or a reason. */
  by: string;
}

/** The record whose slots are needed. */
export interface Wanted {
  column: string;
  id: string;
}

export interface Clash {
  row: number;
  column: string;
  /** Id of the record that is planned. */
  id: string;
  day: string;
  half: string;
  /** The row of the list that has it, counted from 0. Absent for another file. */
  inRow: number | null;
  by: string;
}

/** Columns of a list of half-days. */
export interface Columns {
  day: string;
  half: string;
  taken: FieldSpec[];
}

/** `books` names the columns that book a record for a half-day. */
export function columnsOf({ children }: FieldSpec, books: (column: FieldSpec) => boolean): Columns | null {
  const day = children.find(({ widget }) => widget === 'date')?.key;
  const half = children.find(({ widget, options }) => widget === 'select' && options.length === 2)?.key;
  const taken = children.filter(books);
  return day && half && taken.length ? { day, half, taken } : null;
}

/** What the rows book, and the first and last day. */
export function wantedOf(rows: Json[], columns: Columns): { from: string; to: string; wanted: Wanted[] } | null {
  const days = rows
    .map((row) => plain(asObject(row)[columns.day]))
    .filter(Boolean)
    .sort();
  const [from, to] = [days[0], days.at(-1)];
  const all = columns.taken.flatMap(({ key }) =>
    [...new Set(rows.map((row) => plain(asObject(row)[key])).filter(Boolean))].map((id) => ({ column: key, id })),
  );
  return from && to && all.length ? { from, to, wanted: all } : null;
}

/** `taken` by column and id, with keys from `key(column, id)`. */
export function clashesOf(rows: Json[], columns: Columns, taken: ReadonlyMap<string, Slot[]>): Clash[] {
  const seen = new Map<string, number>();
  return rows.map(asObject).flatMap((row, at) => {
    const [day, half] = [plain(row[columns.day]), plain(row[columns.half])];
    if (!day || !half) return [];
    return columns.taken
      .filter(({ key }) => isFilled(row[key]))
      .flatMap(({ key: column }): Clash[] => {
        const id = plain(row[column]);
        const slot = `${key(column, id)} ${day} ${half}`;
        const before = seen.get(slot);
        if (before === undefined) seen.set(slot, at);
        const other = taken.get(key(column, id))?.find((one) => one.day === day && one.half === half);
        if (before === undefined && !other) return [];
        return [{ row: at, column, id, day, half, inRow: before ?? null, by: other?.by ?? '' }];
      });
  });
}

export function key(column: string, id: string): string {
  return `${column} ${id}`;
}
