/** Batches of documents: what is chosen, and what became of it. Pure. */
import { DocumentBatchItem } from '../../../api/models/document-batch-item';
import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';

/** Can it be made? */
export function possible({ missing }: DocumentBatchPlanItem): boolean {
  return missing.length === 0;
}

/** Chosen at first: what can be made and was not sent yet. */
export function atFirst(items: readonly DocumentBatchPlanItem[]): string[] {
  return items.filter((item) => possible(item) && !item.lastSentAt).map(({ subjectId }) => subjectId);
}

/** How far a batch is, by what people do about it. */
export interface Progress {
  total: number;
  /** Nothing more happens with these by itself for now. */
  ended: number;
  made: number;
  sent: number;
  /** Without a mail server: the mails lie in a folder. */
  filed: number;
  /** Asked to be tried again by the mail server. */
  retrying: number;
  refused: number;
}

const UNDER_WAY: readonly DocumentBatchItem['state'][] = ['waiting', 'making', 'sending'];

export function progress(items: readonly DocumentBatchItem[]): Progress {
  const count = (...states: DocumentBatchItem['state'][]): number =>
    items.filter(({ state }) => states.includes(state)).length;
  return {
    total: items.length,
    ended: items.length - count(...UNDER_WAY),
    made: count('made', 'sending', 'retrying', 'sent', 'filed', 'failed'),
    sent: count('sent'),
    filed: count('filed'),
    retrying: count('retrying'),
    refused: count('refused', 'failed'),
  };
}
