// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Json, Error } from './types.js';

/** The documents of one opportunité, as a version of this plugin wrote them. */
export interface Stored {
  id: Id;
  section: string;
  status: string;
  /** A JSON object: the document of each section by its id. */
  data: Json;
  /** The workflow's own notes. */
  state: Json;
}

/** Carries section documents from one version of a workflow to another, newer or older. Pure. */
export interface DataMigrationExports {
  /**
   * At most 100, answered in the same order, all or none. `id`, `section` and `status` stay as they are. What needs no change is
   * answered as it came. Fields that the forms of the running version do not declare stay beside as they were, whatever is answered: what
   * has another name now is taken from the old one each time.
   * @throws an error of the contract
   */
  migrate(fromVersion: string, items: Stored[]): Stored[];
}
