/** Trainers for a form: those of the site and of the network, by their skills. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getPlanning } from '../../../api/fn/formateurs/get-planning';
import { listBookableFormateurs } from '../../../api/fn/formateurs/list-bookable-formateurs';
import { Booking, Choice, LookupSource } from '../../../shared/schema-form/sources';

@Injectable({ providedIn: 'root' })
export class FormateurLookup implements LookupSource {
  readonly #api = inject(Api);
  readonly traits = { label: 'formateurs.skill', any: 'formateurs.anySkill' };

  async choices(site: string | null): Promise<Choice[]> {
    const { data } = await this.#api.invoke(listBookableFormateurs, site ? { localisationId: site } : {});
    return data.map(({ id, name, skills, expiries, localisation }) => ({
      value: id,
      traits: skills,
      expiries: expiries.map((one) => ({ name: one.name ?? null, on: one.expiresOn })),
      label: site && localisation.id !== site ? `${name} · ${localisation.name}` : name,
    }));
  }

  async bookings(id: string, from: string, to: string): Promise<Booking[]> {
    const { data } = await this.#api.invoke(getPlanning, { id, from, to });
    return data.map(({ day, half, opportunite, session, reason }) => ({
      day,
      half,
      by: opportunite?.numero ?? session?.numero ?? reason ?? '',
      record: opportunite?.id ?? session?.id ?? null,
    }));
  }
}
