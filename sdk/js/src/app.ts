//! Apps: plugins with no interface of their own, which are their facets. Jobs and work at set times are in `job`.

import type { Outcome } from './contract/job-handler.js';
import { type Common, type Plugin, type Settings, nothing, plugin } from './define.js';

/** A job is done. */
export const done: Outcome = { tag: 'done' };

/**
 * Makes an app.
 *
 * @example
 * export default defineApp({ job() { metrics.set('rooms', query.of('salle').count()); return done; } });
 */
export function defineApp<S extends Settings = typeof nothing>(definition: Common<S>): Plugin {
  return plugin(definition, () => ({}));
}
