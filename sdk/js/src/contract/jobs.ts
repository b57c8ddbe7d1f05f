// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json, Error } from './types.js';

export interface Job {
  /** The plugin's own word, `[a-z][a-z0-9-]*`, at most 40 characters. */
  kind: string;
  /** At most 64 KiB. */
  payload: Json;
  /** How long to wait before it runs, in milliseconds; at most 400 days. */
  runAfterMs: number;
  /** While a job of this plugin with the same key waits on this site, another one is not added. 1 to 200 bytes. */
  dedupeKey: string | null;
}

/**
 * “Does work later.” Jobs of this plugin on this site, run by the `job-handler` that a plugin asking for this must export.
 * It is in the queue, durable, once the call that enqueued it has answered, and runs at least once.
 */
export interface JobsImports {
  /**
   * True when it was added, false when one with its key waits already. `conflict` when the quota of waiting jobs is
   * used up or too many events and jobs have caused one another; `denied` while a change is being decided.
   * @throws an error of the contract
   */
  enqueue(job: Job): boolean;
}
