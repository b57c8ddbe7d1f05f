import { type Id, jobs } from 'afpi-plugin';

/** False when one is waiting already. */
export function remindInAnHour(opportunite: Id): boolean {
  return jobs.enqueue('remind', { payload: opportunite, afterMs: 3_600_000, once: opportunite });
}
