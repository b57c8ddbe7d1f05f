/** Rooms for a form: the active ones of the site. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getSallePlanning } from '../../../api/fn/salles/get-salle-planning';
import { listSalles } from '../../../api/fn/salles/list-salles';
import { Booking, Choice, LookupSource } from '../../../shared/schema-form/sources';

@Injectable({ providedIn: 'root' })
export class SalleLookup implements LookupSource {
  readonly #api = inject(Api);

  async choices(site: string | null): Promise<Choice[]> {
    const at = site ? { localisationId: site } : {};
    const { data } = await this.#api.invoke(listSalles, { active: true, limit: 200, sort: 'name', ...at });
    return data.map(({ id, name }) => ({ value: id, label: name, traits: [] }));
  }

  async bookings(id: string, from: string, to: string): Promise<Booking[]> {
    const { data } = await this.#api.invoke(getSallePlanning, { id, from, to });
    return data.map(({ day, half, opportunite, session, reason }) => ({
      day,
      half,
      by: opportunite?.numero ?? session?.numero ?? reason ?? '',
      record: opportunite?.id ?? session?.id ?? null,
    }));
  }
}
