// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Error, Opportunite, Entreprise } from './types.js';

/**
 * One condition on the records of a page; all of them must hold. Opportunités know `section`, `status`, `entreprise`,
 * `commercial` and `created-since`; entreprises know `siret`, `active` (`true` or `false`) and `updated-since`. Instants are
 * decimal epoch milliseconds. A field the host does not know is `invalid`; new ones may come in later versions.
 */
export interface Criterion {
  field: string;
  value: string;
}

export interface PageRequest {
  /** At most 8. */
  criteria: Criterion[];
  /** Where the last page ended (its `next`), `none` for the first one. */
  after: string | null;
  /** 1 to 200. */
  limit: number;
}

export interface OpportunitePage {
  /** Oldest first. `state` belongs to the workflow plugin and is empty here. */
  items: Opportunite[];
  /** Opaque; `none` on the last page. */
  next: string | null;
}

export interface EntreprisePage {
  items: Entreprise[];
  next: string | null;
}

/**
 * “Reads opportunités and companies.” Those of the site the plugin runs for, of the kinds its manifest declares, as they
 * stand now; a plugin seated for the network as a whole reads those of every site. Nothing can be written here.
 */
export interface RecordsReadImports {
  /**
   * `not-found` also when it belongs to another site.
   * @throws an error of the contract
   */
  getOpportunite(id: Id): Opportunite;
  /** @throws an error of the contract */
  listOpportunites(page: PageRequest): OpportunitePage;
  /** @throws an error of the contract */
  getEntreprise(id: Id): Entreprise;
  /** @throws an error of the contract */
  listEntreprises(page: PageRequest): EntreprisePage;
}
