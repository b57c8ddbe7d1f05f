/** Choices that a form takes from the CRM rather than from its schema, read once per site. */
import { Injectable, InjectionToken, Signal, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { listBookableFormateurs } from '../../api/fn/formateurs/list-bookable-formateurs';
import { listSalles } from '../../api/fn/salles/list-salles';

export interface Choice {
  value: string;
  label: string;
  /** What a trainer can teach. */
  skills: string[];
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
      choices =
        of === 'salle'
          ? this.#api
              .invoke(listSalles, { active: true, limit: 200, sort: 'name', ...at })
              .then(({ data }) => data.map(({ id, name }) => ({ value: id, label: name, skills: [] })))
          : this.#api.invoke(listBookableFormateurs, at).then(({ data }) =>
              data.map(({ id, name, skills, localisation }) => ({
                value: id,
                skills,
                label: localisationId && localisation.id !== localisationId ? `${name} · ${localisation.name}` : name,
              })),
            );
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

/** The skills of these trainers, each once, as people sort them. */
export function skillsOf(choices: readonly Choice[]): string[] {
  const known = new Map(choices.flatMap(({ skills }) => skills).map((skill) => [folded(skill), skill]));
  return [...known.values()].sort((a, b) => a.localeCompare(b, 'fr'));
}

/** Those who have the skill, however it is written; all for no skill. */
export function withSkill(choices: readonly Choice[], skill: string): Choice[] {
  return choices.filter(({ skills }) => !skill || skills.some((one) => folded(one) === folded(skill)));
}

/** A name as it is compared: case, accents and spaces make no other room. */
function folded(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/\s+/).filter(Boolean).join(' ');
}

/**
 * The choice a document means: by its id, or by its name, as documents did before there were records to choose from.
 */
export function meant<T extends Pick<Choice, 'value' | 'label'>>(choices: readonly T[], value: string): T | undefined {
  return (
    choices.find((choice) => choice.value === value) ?? choices.find((choice) => folded(choice.label) === folded(value))
  );
}

/** Does a record's id stand here, rather than a text somebody typed? */
export function isId(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
