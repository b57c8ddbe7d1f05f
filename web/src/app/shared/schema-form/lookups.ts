/** Choices of a form that come from the CRM instead of its schema, read once per site. */
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

  /** A record on offer was changed: choices are read again. */
  forget(): void {
    this.#read.clear();
  }
}

/** The distinct traits of these choices, sorted. */
export function traitsOf(choices: readonly Choice[]): string[] {
  const known = new Map(choices.flatMap(({ traits }) => traits).map((trait) => [folded(trait), trait]));
  return [...known.values()].sort((a, b) => a.localeCompare(b, 'fr'));
}

/** The choices with this trait, in any spelling; all without a trait. */
export function withTrait(choices: readonly Choice[], trait: string): Choice[] {
  return choices.filter(({ traits }) => !trait || traits.some((one) => folded(one) === folded(trait)));
}

/** A name in comparable form: case, accents and spaces do not matter. */
function folded(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/\s+/).filter(Boolean).join(' ');
}

/** The choice that a document means: by its id, or by its name, as documents did before there were records. */
export function meant<T extends Pick<Choice, 'value' | 'label'>>(choices: readonly T[], value: string): T | undefined {
  return (
    choices.find((choice) => choice.value === value) ?? choices.find((choice) => folded(choice.label) === folded(value))
  );
}

/** Is this a record's id, and not a typed text? */
export function isId(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
