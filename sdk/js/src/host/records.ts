//! “Reads opportunités and companies.” Records of the plugin's site, of the kinds that its manifest declares.

import host from '#host/records-read';
import type { EntreprisePage, OpportunitePage, PageRequest, RecordsReadImports } from '../contract/records-read.js';
import type { Entreprise, Id, Opportunite } from '../contract/types.js';
import { ask } from '../errors.js';

const side: RecordsReadImports = host;

/** Criteria for opportunités; all of them must hold. Instants are epoch ms. */
export interface OpportuniteFilter {
  section?: string;
  status?: string;
  entreprise?: Id;
  commercial?: Id;
  createdSince?: number;
}

/** Criteria for entreprises; all of them must hold. Instants are epoch ms. */
export interface EntrepriseFilter {
  siret?: string;
  active?: boolean;
  updatedSince?: number;
}

/** A page of a list. */
export interface Page {
  /** The `next` of the previous page. */
  after?: string | null;
  /** 1 to 200. Default 200. */
  limit?: number;
}

/**
 * One opportunité.
 *
 * @throws ContractError `denied` without the grant; `not-found` when there is none with this id on this site
 */
export function opportunite(id: Id): Opportunite {
  return ask(() => side.getOpportunite(id));
}

/**
 * One entreprise.
 *
 * @throws ContractError as `opportunite`
 */
export function entreprise(id: Id): Entreprise {
  return ask(() => side.getEntreprise(id));
}

/**
 * A page of opportunités, oldest first.
 *
 * @throws ContractError `denied` without the grant, `unavailable` when the store is away
 */
export function opportunites(filter: OpportuniteFilter = {}, page: Page = {}): OpportunitePage {
  return ask(() => side.listOpportunites(request(filter, page)));
}

/**
 * A page of entreprises.
 *
 * @throws ContractError as `opportunites`
 */
export function entreprises(filter: EntrepriseFilter = {}, page: Page = {}): EntreprisePage {
  return ask(() => side.listEntreprises(request(filter, page)));
}

function request(filter: OpportuniteFilter | EntrepriseFilter, page: Page): PageRequest {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const criteria = given.map(([field, value]) => ({ field: field.replace('Since', '-since'), value: String(value) }));
  return { criteria, after: page.after ?? null, limit: page.limit ?? 200 };
}
