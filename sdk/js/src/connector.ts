//! Connectors: one pass over another system, reported in batches.

import type { Batch, ConnectorExports, Item, Probe, Skipped } from './contract/connector.js';
import { type Common, type Plugin, type Settings, nothing, plugin, told } from './define.js';
import { answer } from './errors.js';
import type { Infer } from './schema.js';

export type { Batch, Item, Probe, Skipped };

/** One pass over the other system. It lives until the host has all of it, so it may keep an answer open. */
export interface Pass {
  /**
   * Up to `max` more items.
   *
   * @throws `rateLimited(ms)` to be asked again after that wait; anything else ends the pass, and nothing of it is
   * applied
   */
  next(max: number): Batch;
}

/** What a connector does. */
export interface Connector<S extends Settings> extends Common<S> {
  /** Tests the settings without changing anything, each needed address separately. */
  check(settings: Infer<S>): Probe[];
  /**
   * Begins to read `entities`, or all that the settings name when there are none.
   *
   * @throws when it cannot even begin
   */
  open(settings: Infer<S>, entities: string[]): Pass;
}

/** The class of the contract's resource. */
interface PassClass {
  open(entities: string[]): Pass;
}

/** Makes a connector. `afpi plugin new NAME --kind connector --lang ts` writes a whole one. */
export function defineConnector<S extends Settings = typeof nothing>(
  definition: Connector<S>,
): Plugin & { connector: ConnectorExports & { Pass: PassClass } } {
  return plugin(definition, (settings) => {
    class Shared implements Pass {
      readonly #pass: Pass;
      constructor(pass: Pass) {
        this.#pass = pass;
      }
      static open(entities: string[]): Shared {
        return answer(() => new Shared(definition.open(settings(), entities)));
      }
      next(max: number): Batch {
        return answer(() => this.#pass.next(max));
      }
    }
    return { connector: { check: () => told(() => definition.check(settings())), Pass: Shared } };
  });
}
