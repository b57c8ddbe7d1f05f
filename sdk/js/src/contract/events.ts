// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Json, Error } from './types.js';

export interface Event {
  /** The declared name alone. */
  name: string;
  /** The opportunité it is about; `not-found` when this site has none with that id. */
  opportunite: Id | null;
  /** At most 64 KiB. */
  payload: Json;
}

/**
 * “Announces events.” Only names declared in the manifest. Hooks and notifiers of the site hear `plugin.<plugin id>.<name>`,
 * so that no plugin can speak in the host's name.
 */
export interface EventsImports {
  /**
   * Heard once the call has answered. `rate-limited` when there were too many, `conflict` when too many events and jobs have caused
   * one another, `denied` while a change is being decided.
   * @throws an error of the contract
   */
  emit(event: Event): void;
}
