//! “Reads these data of its site’s records.” Records of any kind, with the fields that the manifest names.

import host from '#host/records-query';
import type { Page, Query as Asked, RecordsQueryImports } from '../contract/records-query.js';
import type { Entry, Reference } from '../contract/records.js';
import { ask } from '../errors.js';

const side: RecordsQueryImports = host;

export type { Entry, Page, Reference };

/** A field of a kind. */
export interface Field {
  /** As in the CRM's API, e.g. `address.city`. */
  name: string;
  /** `text`, `email`, `cents`, `instant`, `day`, `flag`, `words`, …; take a word you do not know for a text. */
  shape: string;
  label: { fr: string; en: string };
  /** Can records be ordered by it? */
  sortable: boolean;
  /** Can conditions name it? */
  filterable: boolean;
  /** Does it say something about a person? */
  personal: boolean;
  /** The words it can hold, where it is one of a few. */
  values?: { value: string; label: { fr: string; en: string } }[];
}

/**
 * Records of this kind: `entreprise`, `contact`, `formateur`, `salle`, `objectif`, `opportunite`, `creance` or `user`.
 *
 * @example
 * for (const contact of query.of('contact').empty('email')) log.info(contact.label);
 */
export function of(kind: string): Query {
  return new Query({ kind, conditions: [], fields: [], order: '', after: null, limit: 200 });
}

/** A question for records: nothing is asked before its `page`, `count` or a walk over it. At most 8 conditions; all hold. */
export class Query implements Iterable<Entry> {
  readonly #asked: Asked;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  #with(more: Partial<Asked>): Query {
    return new Query({ ...this.#asked, ...more });
  }

  #where(field: string, test: string, value: unknown): Query {
    const condition = { field, test, value: JSON.stringify(value) };
    return this.#with({ conditions: [...this.#asked.conditions, condition] });
  }

  /** The field has this value. */
  eq(field: string, value: string | number | boolean): Query {
    return this.#where(field, 'eq', value);
  }

  /** The field has another value, or none. */
  ne(field: string, value: string | number | boolean): Query {
    return this.#where(field, 'ne', value);
  }

  /** The number, instant or day is below this one. */
  lt(field: string, value: string | number): Query {
    return this.#where(field, 'lt', value);
  }

  /** The number, instant or day is this one or below. */
  le(field: string, value: string | number): Query {
    return this.#where(field, 'le', value);
  }

  /** The number, instant or day is above this one. */
  gt(field: string, value: string | number): Query {
    return this.#where(field, 'gt', value);
  }

  /** The number, instant or day is this one or above. */
  ge(field: string, value: string | number): Query {
    return this.#where(field, 'ge', value);
  }

  /** The field has one of these values, at most 200. */
  oneOf(field: string, values: (string | number)[]): Query {
    return this.#where(field, 'in', values);
  }

  /** The text has this part, as it is written, or the list has this element. */
  contains(field: string, value: string): Query {
    return this.#where(field, 'contains', value);
  }

  /** The field has no value. */
  empty(field: string): Query {
    return this.#where(field, 'empty', true);
  }

  /** The field has a value. */
  present(field: string): Query {
    return this.#where(field, 'empty', false);
  }

  /** Only these fields; all that were granted unless it is said. */
  fields(...fields: string[]): Query {
    return this.#with({ fields });
  }

  /** By this sortable field, with `-` before it for descending order; in the order of creation unless it is said. */
  order(order: string): Query {
    return this.#with({ order });
  }

  /** At most so many on a page, 1 to 200; 200 unless it is said. */
  limit(limit: number): Query {
    return this.#with({ limit });
  }

  /** What comes after a page: its `next`. */
  after(after: string | null): Query {
    return this.#with({ after });
  }

  /**
   * One page.
   *
   * @throws ContractError `denied` for a kind or field outside the grant; `invalid` for a field, test, value or order that
   * the kind does not have; `unavailable` when the store is away
   */
  page(): Page {
    return ask(() => side.select(this.#asked));
  }

  /** Every record, page by page. */
  *[Symbol.iterator](): Iterator<Entry> {
    for (let after = this.#asked.after; ;) {
      const { items, next } = this.after(after).page();
      yield* items;
      if (next === null) return;
      after = next;
    }
  }

  /** How many there are. They are read for it. */
  count(): number {
    let count = 0;
    for (const _ of this) count += 1;
    return count;
  }
}

/** The fields of an entry as a `T`; a field without a value is absent. */
export function read<T>(entry: Entry): T {
  return JSON.parse(entry.data) as T;
}

/**
 * Records whose ids are known, at most 200, in the order asked; what is not there is left out. All granted fields when
 * none are named.
 *
 * @throws ContractError `denied` for a kind or field outside the grant
 */
export function fetch(references: Reference[], ...fields: string[]): Entry[] {
  return ask(() => side.fetch(references, fields));
}

/**
 * The granted fields of a kind.
 *
 * @throws ContractError `denied` for a kind outside the grant
 */
export function describe(kind: string): Field[] {
  return (JSON.parse(ask(() => side.describe(kind))) as { fields: Field[] }).fields;
}
