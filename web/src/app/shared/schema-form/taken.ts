/** Reads the booked half-days of the records that a list plans. */
import { Injectable, inject } from '@angular/core';
import { Slot, Wanted, key } from './clashes';
import { Lookups, isId, meant } from './lookups';
import { Expiry } from './sources';

/** A record, and its half-days booked by others. */
export interface Busy {
  /** Absent for a record that is no longer offered. */
  name: string | undefined;
  slots: Slot[];
  expiries: readonly Expiry[];
}

/** The record whose half-days are read, from a column. */
export interface Asked extends Wanted {
  /** The name of its registered source. */
  of: string;
}

/** When, and from where. */
export interface Frame {
  from: string;
  to: string;
  /** The record whose own bookings are no conflict. */
  own: string | null;
  site: string | null;
}

@Injectable({ providedIn: 'root' })
export class Taken {
  readonly #lookups = inject(Lookups);

  /** By `key(column, id)`. Unreadable ones are left out: confirming the schedule reports conflicts. */
  async of(asked: Asked[], frame: Frame): Promise<ReadonlyMap<string, Busy>> {
    const read = await Promise.all(asked.map((one) => this.#one(one, frame).catch(() => null)));
    return new Map(
      asked.flatMap(({ column, id }, index) =>
        [read[index]].filter((busy) => !!busy).map((busy) => [key(column, id), busy] as const),
      ),
    );
  }

  async #one({ of, id }: Asked, { from, to, own, site }: Frame): Promise<Busy | null> {
    const choice = meant(await this.#lookups.choices(of, site), id);
    // An unknown text in a document has no half-days.
    const record = choice?.value ?? id;
    if (!isId(record)) return null;
    const bookings = await (await this.#lookups.source(of)).bookings?.(record, from, to);
    if (!bookings) return null;
    const others = bookings.filter((booking) => booking.record === null || booking.record !== own);
    return {
      name: choice?.label,
      expiries: choice?.expiries ?? [],
      slots: others.map(({ day, half, by }) => ({ day, half, by })),
    };
  }
}
