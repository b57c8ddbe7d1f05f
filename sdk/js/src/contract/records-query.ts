// Made from wit/ by `afpi plugin types`; do not edit.
import type { Kind, Reference, Entry } from './records.js';
import type { Json, Error } from './types.js';

export interface Condition {
  field: string;
  /**
   * `eq`, `ne`; `lt`, `le`, `gt`, `ge` for numbers, instants and days; `in` (`value` is a list of at most 200); `contains`, a part of a text as it
   * is written, or an element of a list; `empty` (`value` is `true` or `false`). A field without a value fits `empty` and `ne` only.
   */
  test: string;
  /** A JSON value as the field's own, at most 4 KiB. */
  value: Json;
}

export interface Query {
  kind: Kind;
  /** At most 8; all of them hold. */
  conditions: Condition[];
  /** Fields to answer; none for all that are granted. */
  fields: string[];
  /** A sortable field, with `-` before it for descending order; empty for the order of creation. */
  order: string;
  /** `next` of the page before. */
  after: string | null;
  /** 1 to 200. */
  limit: number;
}

export interface Page {
  items: Entry[];
  /** None on the last page. */
  next: string | null;
}

/**
 * “Reads these records.” Records of the seat's site (of all sites for a seat of the network), as they stand now. Kinds and fields are those of the
 * grant; what else there is does not exist here. `describe` costs 1 unit, `select` and `fetch` 20 and 1 for each entry.
 */
export interface RecordsQueryImports {
  /**
   * The granted fields of a kind: `{fields: [{name, shape, label: {fr, en}, sortable, filterable, personal, values?: [{value, label: {fr, en}}]}]}`.
   * @throws an error of the contract
   */
  describe(kind: Kind): Json;
  /**
   * `denied` for a kind or field outside the grant, `invalid` for a field, test, value, order or `after` that the kind does not have.
   * @throws an error of the contract
   */
  select(query: Query): Page;
  /**
   * At most 200, of any granted kinds, in the order asked. `fields` that a kind does not have are left out of its entries; none for all that are
   * granted. What does not exist, or not on this site, is left out.
   * @throws an error of the contract
   */
  fetch(references: Reference[], fields: string[]): Entry[];
}
