/** Finds the move that undoes the last one, as far as the workflow's declarations tell. Pure. */
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { WorkflowView } from './workflow-view';

/** Has the move a form to fill in? */
export function asksFor({ form }: Offer): boolean {
  return form ? fieldsOf(form).length > 0 : false;
}

/** Is the move still possible? */
export function isOffered(record: Opportunite, { transition }: Offer): boolean {
  return record.offers.some((offer) => offer.transition === transition && offer.allowed);
}

/**
 * Moves that may lead back: allowed at once, without a form, and leading neither on nor out. A suspended record goes on
 * with one that leads on.
 */
export function ways(taken: Offer, after: Opportunite): Offer[] {
  if (!['forward', 'pause'].includes(taken.direction)) return [];
  const directions = taken.direction === 'pause' ? ['forward'] : ['back', 'other'];
  return after.offers.filter((offer) => offer.allowed && directions.includes(offer.direction) && !asksFor(offer));
}

/** The move back to the earlier state: the only one of `ways` that was not open there. */
export function wayBack(before: Opportunite, taken: Offer, after: Opportunite, workflow: WorkflowView): Offer | null {
  if (after.status === before.status) return null;
  const fitting = ways(taken, after).filter(({ transition }) => !workflow.startsFrom(transition, before.status));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
