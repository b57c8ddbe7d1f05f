/** Choices that a form takes from the CRM rather than from its schema, read once per site. */
import { Injectable, Injector, inject } from '@angular/core';
import { Choice, LOOKUP_SOURCES, LookupSource } from './sources';

@Injectable({ providedIn: 'root' })
export class Lookups {
  readonly #injector = inject(Injector);
  readonly #registered = new Map(inject(LOOKUP_SOURCES).map(({ name, load }) => [name, load]));
  readonly #read = new Map<string, Promise<Choice[]>>();

  /** Does a domain offer records under this name? */
  has(name: string | null): name is string {
    return name !== null && this.#registered.has(name);
  }

  async source(name: string): Promise<LookupSource> {
    const load = this.#registered.get(name);
    if (!load) throw new Error(`nobody offers ${name}`);
    return this.#injector.get(await load());
  }

  /** Active ones of the site, or of all sites the user may see. */
  choices(name: string, site: string | null): Promise<Choice[]> {
    const key = `${name} ${site ?? ''}`;
    let choices = this.#read.get(key);
    if (!choices) {
      choices = this.source(name).then((source) => source.choices(site));
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

/** The traits of these choices, each once, as people sort them. */
export function traitsOf(choices: readonly Choice[]): string[] {
  const known = new Map(choices.flatMap(({ traits }) => traits).map((trait) => [folded(trait), trait]));
  return [...known.values()].sort((a, b) => a.localeCompare(b, 'fr'));
}

/** Those that have the trait, however it is written; all for no trait. */
export function withTrait(choices: readonly Choice[], trait: string): Choice[] {
  return choices.filter(({ traits }) => !trait || traits.some((one) => folded(one) === folded(trait)));
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
