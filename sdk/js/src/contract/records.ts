// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Instant, Json } from './types.js';

/** `entreprise`, `contact`, `formateur`, `salle`, `objectif`, `opportunite`, `user` (a person's public part). Ignore words you do not know. */
export type Kind = string;

export interface Reference {
  kind: Kind;
  id: Id;
}

export interface Entry {
  kind: Kind;
  id: Id;
  /** The localisation it belongs to; empty for the network's. */
  site: string;
  /** Grows with every change. */
  version: number;
  /** What people call it. */
  label: string;
  /** Of records that do not keep it, when they were created. */
  updatedAt: Instant;
  /**
   * A JSON object: the fields that were asked for, by their name in the CRM's API. Instants are epoch ms, money is cents. A field
   * without a value is absent.
   */
  data: Json;
}
