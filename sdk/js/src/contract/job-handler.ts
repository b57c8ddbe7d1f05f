// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json } from './types.js';

export type Outcome =
  | { tag: 'done' }
  /** Again after so many milliseconds. */
  | { tag: 'retry'; val: number }
  /** Never again; the reason is kept with the job. */
  | { tag: 'fail'; val: string }
  /** Counts as a failure: tried again with growing waits, as after a trap or a timeout. */
  | { tag: 'other'; val: string };

/**
 * Runs the jobs a plugin has enqueued through `jobs`. Exported beside the interface of its kind by every plugin that asks
 * for that capability.
 */
export interface JobHandlerExports {
  /** `attempt` counts from 1. A job may run twice: a worker can be killed after the work and before it said so. */
  run(kind: string, payload: Json, attempt: number): Outcome;
}
