/** Rows that plan somebody for a day on which something of theirs is no longer valid. Pure. */
import { Columns, key } from './clashes';
import { asObject } from './edits';
import { Json, plain } from './schema';
import { Expiry } from './sources';

export interface Lapse {
  column: string;
  /** Id of the record that is planned. */
  id: string;
  expiry: Expiry;
  /** The rows of the list, counted from 0. */
  rows: number[];
}

/** `expiries` by column and id, with keys from `key(column, id)`. */
export function lapsesOf(rows: Json[], columns: Columns, expiries: ReadonlyMap<string, readonly Expiry[]>): Lapse[] {
  const found = new Map<string, Lapse>();
  rows.map(asObject).forEach((row, at) => {
    const day = plain(row[columns.day]);
    if (!day) return;
    for (const { key: column } of columns.taken) {
      const id = plain(row[column]);
      for (const expiry of expiries.get(key(column, id)) ?? []) {
        if (expiry.on >= day) continue;
        const which = `${key(column, id)} ${expiry.on} ${expiry.name ?? ''}`;
        const lapse = found.get(which) ?? { column, id, expiry, rows: [] };
        lapse.rows.push(at);
        found.set(which, lapse);
      }
    }
  });
  return [...found.values()];
}
