/** The data that an opportunité's page gives its panels. */
import { HistoriqueEntry } from '../../../api/models/historique-entry';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { JsonObject } from '../../../shared/schema-form/schema';
import { WorkflowView } from '../util/workflow-view';

export interface RecordSubject {
  record: Opportunite;
  workflow: WorkflowView;
  /** Newest first; empty while loading. */
  history: readonly HistoriqueEntry[];
  /** How many moves were refused here: they change the history, and not the record. */
  refused: number;
  /** Section documents that are being typed and are not saved, by section. */
  typed: Readonly<Record<string, JsonObject>>;
  /** The section that the page shows. */
  step: string;
  /** Takes a move of the record; its form begins with this input. The reader is told what became of it. */
  take: (offer: Offer, input: JsonObject) => Promise<void>;
}

/** The reader must decide: one move leads on and another back, and both are allowed. */
export function decides({ record, workflow }: RecordSubject): boolean {
  const may = record.offers.filter(({ allowed }) => allowed);
  return may.some(
    ({ direction, transition }) =>
      direction === 'forward' &&
      may.some((other) => other.direction === 'back' && workflow.answersTo(transition, other.transition)),
  );
}
