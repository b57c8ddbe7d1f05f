/** What a run's state means for the page. Pure. */
import { Run } from '../../../api/models/run';

/** Something is still going on: the page keeps asking. */
export function isLive(run: Run): boolean {
  return run.state === 'queued' || run.state === 'fetching' || run.state === 'applying';
}

/** A preview, or a run held back for a person, can be applied. */
export function canApply(run: Run): boolean {
  return run.state === 'staged' || run.state === 'held';
}

/** What is over and may have applied something, a run stopped half way included; the server knows whether it has. */
export function canUndo(run: Run): boolean {
  const { created, updated, archived } = run.counts;
  return (run.state === 'done' || run.state === 'failed') && created + updated + archived > 0;
}

/** A run under way stops; one that waits for a person is given up. */
export function canCancel(run: Run): boolean {
  return isLive(run) || canApply(run);
}

/** Part done in percent; `null` while the total is unknown. */
export function percent(run: Run): number | null {
  const { done, total } = run.progress;
  return total ? Math.min(100, Math.round((done / total) * 100)) : null;
}

/** A run of a connector as the event stream tells of it. */
export type LiveRun = Run & { connecteur: string };

/** The event stream says how a run goes on; it is asked all the same now and then, should the stream be silent. */
export const ASK_MS = 15_000;
