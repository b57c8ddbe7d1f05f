/** Asks the CRM on which half-days trainers are taken, for a list that plans them. */
import { Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { getFormateur } from '../../api/fn/formateurs/get-formateur';
import { getPlanning } from '../../api/fn/formateurs/get-planning';
import { Slot } from './clashes';

/** The record a form belongs to, whose own bookings are no clash; given by the page around it. */
export const FORM_RECORD = new InjectionToken<Signal<string | null>>('FORM_RECORD', { factory: () => signal(null) });

/** A trainer, and when others have him. */
export interface Busy {
  name: string;
  slots: Slot[];
}

@Injectable({ providedIn: 'root' })
export class Taken {
  readonly #api = inject(Api);

  /**
   * By id. Who may not be read, as a trainer of another site, is left out: whether he is free is said when the schedule
   * is confirmed.
   */
  async trainers(ids: string[], from: string, to: string, own: string | null): Promise<ReadonlyMap<string, Busy>> {
    const read = await Promise.all(ids.map((id) => this.#trainer(id, from, to, own).then((busy) => [id, busy] as const, () => null)));
    return new Map(read.filter((one) => one !== null));
  }

  async #trainer(id: string, from: string, to: string, own: string | null): Promise<Busy> {
    const [{ name }, { data }] = await Promise.all([this.#api.invoke(getFormateur, { id }), this.#api.invoke(getPlanning, { id, from, to })]);
    const others = data.filter(({ opportunite }) => opportunite?.id !== own);
    return { name, slots: others.map(({ day, half, opportunite, reason }) => ({ day, half, by: opportunite?.numero ?? reason ?? '' })) };
  }
}
