/** Asks the CRM on which half-days trainers and rooms are taken, for a list that plans them. */
import { Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { getPlanning } from '../../api/fn/formateurs/get-planning';
import { getSallePlanning } from '../../api/fn/salles/get-salle-planning';
import { Slot, Wanted, key } from './clashes';
import { Lookup, Lookups, isId, meant } from './lookups';

/** The record a form belongs to, whose own bookings are no clash; given by the page around it. */
export const FORM_RECORD = new InjectionToken<Signal<string | null>>('FORM_RECORD', { factory: () => signal(null) });

/** A trainer or a room, and when others have it. */
export interface Busy {
  /** Absent for what is no longer offered. */
  name: string | undefined;
  slots: Slot[];
}

/** Whose half-days, as a column chooses them. */
export interface Asked extends Wanted {
  of: Lookup;
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
  readonly #api = inject(Api);
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
    // A room that a document names by a text nobody knows has no half-days.
    const record = choice?.value ?? id;
    if (!isId(record)) return null;
    const { data } = await this.#api.invoke(of === 'salle' ? getSallePlanning : getPlanning, { id: record, from, to });
    const others = data.filter(({ opportunite }) => opportunite?.id !== own);
    return {
      name: choice?.label,
      slots: others.map(({ day, half, opportunite, reason }) => ({
        day,
        half,
        by: opportunite?.numero ?? reason ?? '',
      })),
    };
  }
}
