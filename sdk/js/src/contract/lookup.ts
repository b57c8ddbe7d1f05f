// Made from wit/ by `afpi plugin types`; do not edit.
import type { Error } from './types.js';

/** What somebody has typed. */
export type Wanted =
  /** 14 digits: one establishment. */
  | { tag: 'siret'; val: string }
  /** 9 digits: a company, of which the head office is the best answer. */
  | { tag: 'siren'; val: string }
  /** Part of a name, at least 3 characters. */
  | { tag: 'name'; val: string }
  | { tag: 'other'; val: string };

export interface Query {
  wanted: Wanted;
  /** Five digits, to search only there; empty: everywhere. */
  postcode: string;
}

export interface Address {
  line1: string;
  line2: string;
  postcode: string;
  city: string;
  /** `FR`. */
  country: string;
}

/** A number of employees, as directories tell it. */
export interface Headcount {
  least: number;
  /** None: without an upper end. */
  most: number | null;
}

/** One establishment of a company. What the directory does not know or may not tell is empty. */
export interface Company {
  /** Never empty. */
  name: string;
  /** 14 digits; never empty. */
  siret: string;
  /** With the country's prefix, when the directory itself has one: the host derives it from a SIRET. */
  vatNumber: string;
  /** `25.62B`. */
  nafCode: string;
  /** The version of the nomenclature that the code is of: `NAF rév. 2`. */
  nafNomenclature: string;
  address: Address;
  /** Collective agreements that it applies, four digits each; at most 20. */
  idcc: string[];
  headcount: Headcount | null;
  /** It has closed. */
  closed: boolean;
}

/** Finds companies in a directory elsewhere, to fill the form of a new one. A person waits for the answer. */
export interface LookupExports {
  /**
   * At most 10, the best first; texts of at most 200 bytes, in one line. The call ends after 4 seconds, waits included. Answer `rate-limited`
   * or `unavailable` when the directory does not answer: the person then goes on by hand.
   * @throws an error of the contract
   */
  find(query: Query): Company[];
}
