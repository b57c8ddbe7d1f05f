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

/** Only what was applied can be undone. */
export function canUndo(run: Run): boolean {
  return run.state === 'done' && run.mode === 'apply';
}

/** Part done in percent; `null` while the total is unknown. */
export function percent(run: Run): number | null {
  const { done, total } = run.progress;
  return total ? Math.min(100, Math.round((done / total) * 100)) : null;
}
