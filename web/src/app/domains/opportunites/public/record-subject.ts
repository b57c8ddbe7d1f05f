/** What the page of an opportunité tells its panels. */
import { HistoriqueEntry } from '../../../api/models/historique-entry';
import { Opportunite } from '../../../api/models/opportunite';
import { WorkflowView } from '../util/workflow-view';

export interface RecordSubject {
  record: Opportunite;
  workflow: WorkflowView;
  /** Newest first; empty while it is read. */
  history: readonly HistoriqueEntry[];
}

/** It is for the reader to say yes or no: one move leads on and another back, and both may be taken. */
export function decides({ record, workflow }: RecordSubject): boolean {
  const may = record.offers.filter(({ allowed }) => allowed);
  return may.some(
    ({ direction, transition }) =>
      direction === 'forward' &&
      may.some((other) => other.direction === 'back' && workflow.answersTo(transition, other.transition)),
  );
}
