/** The effects of a run's state on the page. Pure. */
import { Run } from '../../../api/models/run';

/** The run is still active: the page keeps polling. */
export function isLive(run: Run): boolean {
  return run.state === 'queued' || run.state === 'fetching' || run.state === 'applying';
}

/** A preview, or a run held back for a person, can be applied. */
export function canApply(run: Run): boolean {
  return run.state === 'staged' || run.state === 'held';
}

/** Runs that ended and may have applied something, including a run that stopped half way. The server knows whether
 * it has. */
export function canUndo(run: Run): boolean {
  const { created, updated, archived } = run.counts;
  return (run.state === 'done' || run.state === 'failed') && created + updated + archived > 0;
}

/** A running run stops; one that waits for a person ends. */
export function canCancel(run: Run): boolean {
  return isLive(run) || canApply(run);
}

/** Progress in percent; `null` while the total is unknown. */
export function percent(run: Run): number | null {
  const { done, total } = run.progress;
  return total ? Math.min(100, Math.round((done / total) * 100)) : null;
}

/** A run of a connector in the event stream. */
export type LiveRun = Run & { connecteur: string };

/** The event stream reports the progress. The page also polls now and then, in case the stream is silent. */
export const ASK_MS = 15_000;
