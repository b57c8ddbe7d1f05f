/** Choices that a form takes from the CRM rather than from its schema, read once per site. */
import { Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { listFormateurs } from '../../api/fn/formateurs/list-formateurs';

export interface Choice {
  value: string;
  label: string;
}

/** The site whose trainers a form offers; given by the page around it. */
export const FORM_SITE = new InjectionToken<Signal<string | null>>('FORM_SITE', { factory: () => signal(null) });

@Injectable({ providedIn: 'root' })
export class Lookups {
  readonly #api = inject(Api);
  readonly #formateurs = new Map<string, Promise<Choice[]>>();

  /** Active trainers of the site, or of all sites the user may see. */
  formateurs(localisationId: string | null): Promise<Choice[]> {
    const key = localisationId ?? '';
    let choices = this.#formateurs.get(key);
    if (!choices) {
      choices = this.#api
        .invoke(listFormateurs, { active: true, limit: 200, sort: 'name', ...(localisationId ? { localisationId } : {}) })
        .then((page) => page.data.map(({ id, name }) => ({ value: id, label: name })));
      choices.catch(() => this.#formateurs.delete(key));
      this.#formateurs.set(key, choices);
    }
    return choices;
  }
}
