// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json, Text, Error } from './types.js';

/** One address tried with the present settings. */
export interface Probe {
  /** What was tried, e.g. `GET /entreprises`. */
  name: string;
  ok: boolean;
  message: Text;
}

/** One record as the other system has it. */
export interface Item {
  /** `localisation`, `entreprise` or `contact`. */
  entity: string;
  /** The other system's key, unique within the entity. */
  externalId: string;
  /** For a contact: its entreprise's external id. Empty otherwise. */
  parent: string;
  /** Archived over there. */
  archived: boolean;
  /** Fields by their name in the CRM's API; a field that is absent is left alone. */
  fields: Json;
}

export interface Skipped {
  entity: string;
  externalId: string;
  reason: Text;
}

export interface Batch {
  items: Item[];
  skipped: Skipped[];
  /** What is being read, and how far (`total` 0 when unknown). */
  entity: string;
  done: number;
  total: number;
  /** Entities whose list was read to its proper end; only these may show that something vanished. */
  completed: string[];
  /** Nothing more comes. */
  finished: boolean;
}

/** One pass over the other system. The instance lives as long as the pass, so a stream can stay open. */
export interface Pass {
  /**
   * Up to `max` items. `rate-limited` asks the host to call again after that wait, which is how a guest, having
   * no sleep of its own, retries with growing waits. Any other error ends the pass: nothing of it is applied.
   * @throws an error of the contract
   */
  next(max: number): Batch;
}

/**
 * Brings records from another system. A connector only reads there and reports; the host stages what it reports,
 * shows what would change, applies it in batches once a list is complete, and can undo it.
 */
export interface ConnectorExports {
  /** Tries the settings without changing anything, each needed address on its own. */
  check(): Probe[];
}
