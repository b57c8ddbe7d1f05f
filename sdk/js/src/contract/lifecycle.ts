// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json, FieldProblem, Error } from './types.js';

/** What every plugin answers about itself, apart from the manifest it carries. */
export interface LifecycleExports {
  /**
   * JSON Schema (draft 2020-12) of the settings on one site; the admin's form is made from it. Labels stand in
   * `title` and `description`, English ones in `x-title-en` and `x-description-en`. References stay in the schema and do
   * not lead back to themselves; with all of them followed it has 20 000 parts at most. Patterns look neither ahead nor
   * back. The same holds for the forms of a workflow.
   */
  configSchema(): Json;
  /** What the schema cannot say. Called with settings that already fit the schema; an empty list accepts them. */
  validateConfig(config: Json): FieldProblem[];
  /**
   * Settings written for an older version of this plugin, turned into settings for this one.
   * @throws an error of the contract
   */
  migrateConfig(fromVersion: string, config: Json): Json;
}
