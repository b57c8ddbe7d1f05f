//! “Does work later.” Jobs of this plugin on this site. Its `jobs` runs them when they are due.

import host from '#host/jobs';
import type { JobsImports } from '../contract/jobs.js';
import { ask } from '../errors.js';

const side: JobsImports = host;

/** Options of a new job. */
export interface NewJob {
  /** Its data, as JSON; at most 64 KiB. */
  payload?: unknown;
  /** Its delay in milliseconds; at most 400 days. Default: none. */
  afterMs?: number;
  /** Do not add it while another job with this key waits; 1 to 200 bytes. */
  once?: string;
}

/**
 * Sets a job down: it waits once the call has answered without an error, and not at all when the call fails. `kind` is
 * the plugin's own word: `[a-z][a-z0-9-]*`, at most 40 characters.
 *
 * @returns true when it will be added, false when one with its key waits already
 * @throws ContractError `denied` without the grant and while a change is being decided, `conflict` when too many wait
 * @example
 * jobs.enqueue('remind', { payload: subject.id, afterMs: 7 * 86_400_000, once: subject.id });
 */
export function enqueue(kind: string, job: NewJob = {}): boolean {
  const payload = JSON.stringify(job.payload ?? null);
  return ask(() => side.enqueue({ kind, payload, runAfterMs: job.afterMs ?? 0, dedupeKey: job.once ?? null }));
}
