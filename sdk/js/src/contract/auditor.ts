// Made from wit/ by `afpi plugin types`; do not edit.
import type { Entry, Reference } from './records.js';
import type { Date, Text, Error } from './types.js';

export type Severity = 'fault' | 'warning' | 'notice' | 'other';

export interface Rule {
  /** `[a-z][a-z0-9-]*`, at most 40 characters; never changes. */
  id: string;
  label: Text;
  severity: Severity;
  /** The law, norm or contract it follows from. */
  source: Text;
}

export interface Finding {
  /** Id of its rule. */
  rule: string;
  /** The records it is about, the one at fault first; at least 1, at most 10, all of them among the entries. */
  subjects: Reference[];
  /** Pointer into the data of the first one, e.g. `/halfDays/3`; empty: the whole record. */
  field: string;
  /** What is wrong, with names, days and figures, in one line of at most 500 bytes. */
  message: Text;
  /** At most 100 bytes without spaces: the same for the same fault tomorrow, so that what was accepted stays so. */
  key: string;
}

/**
 * One audit of a site: created with its day, fed with the records in any number of batches and any order, finished once. Kinds are
 * `formateur`, `salle`, `session` and `opportunite`; `docs/auditors.md` has their fields. Ignore words you do not know.
 */
export interface Audit {
  add(entries: Entry[]): void;
  /**
   * At most 1 000, each rule and key once.
   * @throws an error of the contract
   */
  finish(): Finding[];
}

/** Finds what cannot be right: a trainer in two places, a funding asked for after the start. Pure: the same facts give the same findings. */
export interface AuditorExports {
  /** All rules that are switched on, in the order to show them; asked once per change of settings or version. */
  rules(): Rule[];
}
