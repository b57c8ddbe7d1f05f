/** Choices that a form takes from the CRM rather than from its schema, read once per site. */
import { Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { listBookableFormateurs } from '../../api/fn/formateurs/list-bookable-formateurs';
import { listSalles } from '../../api/fn/salles/list-salles';

export interface Choice {
  value: string;
  label: string;
}

/** What choices are about, as a schema's `x-widget` names it. */
export type Lookup = 'formateur' | 'salle';

/** The site whose trainers and rooms a form offers; given by the page around it. */
export const FORM_SITE = new InjectionToken<Signal<string | null>>('FORM_SITE', { factory: () => signal(null) });

@Injectable({ providedIn: 'root' })
export class Lookups {
  readonly #api = inject(Api);
  readonly #read = new Map<string, Promise<Choice[]>>();

  /** Active ones of the site, or of all sites the user may see; with the trainers of the network. */
  choices(of: Lookup, localisationId: string | null): Promise<Choice[]> {
    const key = `${of} ${localisationId ?? ''}`;
    let choices = this.#read.get(key);
    if (!choices) {
      const at = localisationId ? { localisationId } : {};
      const page = of === 'salle' ? this.#api.invoke(listSalles, { active: true, limit: 200, sort: 'name', ...at }) : this.#api.invoke(listBookableFormateurs, at);
      choices = page.then(({ data }) => data.map(({ id, name, localisation }) => ({ value: id, label: of === 'formateur' && localisationId && localisation.id !== localisationId ? `${name} · ${localisation.name}` : name })));
      choices.catch(() => this.#read.delete(key));
      this.#read.set(key, choices);
    }
    return choices;
  }

  /** Somebody changed a record that is offered: choices are read anew. */
  forget(): void {
    this.#read.clear();
  }
}

/** A name as it is compared: case, accents and spaces make no other room. */
function folded(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/\s+/).filter(Boolean).join(' ');
}

/**
 * The choice a document means: by its id, or by its name, as documents did before there were records to choose from.
 */
export function meant(choices: readonly Choice[], value: string): Choice | undefined {
  return choices.find((choice) => choice.value === value) ?? choices.find((choice) => folded(choice.label) === folded(value));
}

/** Does a record's id stand here, rather than a text somebody typed? */
export function isId(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
