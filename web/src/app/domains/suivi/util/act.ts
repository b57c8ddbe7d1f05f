/** What an act of the journal says: to whom it belongs, which of its fields are told at once. */
import { JournalChange } from '../../../api/models/journal-change';
import { JournalEntry } from '../../../api/models/journal-entry';
import { SuiviEntry } from '../../../api/models/suivi-entry';

/** Words for what happened, from the forms of the record. */
export interface ActWords {
  /** Does a form show this field? */
  shown: (pointer: string) => boolean;
  field: (pointer: string) => string;
  value: (value: unknown, pointer: string) => string;
  /** What people call a move. */
  move: (transition: string) => string;
}

/** Acts that have a sentence of their own. */
const SENTENCES = new Set(['created', 'moved', 'edited', 'assigned', 'refused', 'deleted', 'binned', 'restored']);

/** The key of the sentence after the actor's name. */
export function sentence({ kind, act }: SuiviEntry): string {
  if (!act) return '';
  if (kind === 'mail') return 'suivi.act.mail';
  if (kind === 'document') return act.act === 'exported' ? 'suivi.act.exported' : 'suivi.act.document';
  if (act.act === 'refused' && act.transition) return 'suivi.act.refusedMove';
  if (act.act === 'created' && act.subject.kind !== 'opportunite') return 'suivi.act.createdOther';
  return `suivi.act.${SENTENCES.has(act.act) ? act.act : 'other'}`;
}

/** A value without a form: nothing for an empty one. */
export function plainValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? '✓' : '✗';
  if (Array.isArray(value)) return value.map(plainValue).filter(Boolean).join(', ');
  if (typeof value === 'object') return Object.values(value).map(plainValue).filter(Boolean).join(' · ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The page of the record that an act is about, when it is another one than the page's. */
export function elsewhere(act: JournalEntry, record: string): readonly string[] | null {
  return act.subject.kind === 'opportunite' && act.subject.id !== record ? ['/opportunites', act.subject.id] : null;
}

/** Files and documents are told by their name. */
export function told(changes: readonly JournalChange[]): string[] {
  return [...new Set(changes.map(({ from, to }) => plainValue(to) || plainValue(from)).filter(Boolean))];
}
