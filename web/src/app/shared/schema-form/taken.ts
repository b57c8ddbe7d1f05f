/** Asks on which half-days the records that a list plans are taken. */
import { Injectable, inject } from '@angular/core';
import { Slot, Wanted, key } from './clashes';
import { Lookups, isId, meant } from './lookups';

/** A record, and when others have it. */
export interface Busy {
  /** Absent for what is no longer offered. */
  name: string | undefined;
  slots: Slot[];
}

/** Whose half-days, as a column chooses them. */
export interface Asked extends Wanted {
  /** The name its source is registered under. */
  of: string;
}

/** When, and from where. */
export interface Frame {
  from: string;
  to: string;
  /** The record whose own bookings are no clash. */
  own: string | null;
  site: string | null;
}

@Injectable({ providedIn: 'root' })
export class Taken {
  readonly #lookups = inject(Lookups);

  /**
   * By `key(column, id)`. What may not be read is left out: whether it is free is said when the schedule is confirmed.
   */
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
    // What a document names by a text nobody knows has no half-days.
    const record = choice?.value ?? id;
    if (!isId(record)) return null;
    const bookings = await (await this.#lookups.source(of)).bookings?.(record, from, to);
    if (!bookings) return null;
    const others = bookings.filter((booking) => booking.record === null || booking.record !== own);
    return { name: choice?.label, slots: others.map(({ day, half, by }) => ({ day, half, by })) };
  }
}
