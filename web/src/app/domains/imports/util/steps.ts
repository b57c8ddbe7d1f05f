/** The way of a file through its steps, and what a change shows. Pure. */
import { Import } from '../../../api/models/import';
import { ImportChange } from '../../../api/models/import-change';
import { ImportField } from '../../../api/models/import-field';
import { Text } from '../../../api/models/text';
import { written as shown } from './values';

export const STEPS = ['file', 'columns', 'preview', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** The step that a file is at. */
export function stepOf(state: Import['state']): Step {
  switch (state) {
    case 'uploaded':
      return 'columns';
    case 'previewing':
    case 'previewed':
    case 'failed':
      return 'preview';
    default:
      return 'done';
  }
}

/** The server works on it: the page asks again and again. */
export function isLive(state: Import['state']): boolean {
  return state === 'previewing' || state === 'applying' || state === 'reverting';
}

/** Progress in percent; `null` while the total is unknown. */
export function percent({ done, total }: Import['progress']): number | null {
  return total ? Math.min(100, Math.round((done / total) * 100)) : null;
}

/** How many records an import changes or has changed. */
export function written(counts: Import['counts']): number {
  return counts ? counts.created + counts.updated + (counts.conflict ?? 0) : 0;
}

/** A field of a change. */
export interface Difference {
  field: ImportField;
  before: string;
  after: string;
}

/** The fields that a change sets, as far as a column can set them, in the order of the record. `say` picks the language. */
export function differences(
  change: ImportChange,
  fields: readonly ImportField[],
  say: (text: Text) => string,
): Difference[] {
  const [before, after] = [change.before, change.after].map((record) => (record ?? {}) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const contact = change.entity === 'contact';
  const inner = (name: string): string => (contact ? name.replace(/^contact\./, '') : name);
  const word = (field: ImportField, value: unknown): string => {
    const text = shown(field, value);
    const choice = field.choices.find(({ value: known }) => known === text);
    return choice ? say(choice.label) : text;
  };
  return fields
    .filter((field) => field.contact === contact && inner(field.name) in { ...before, ...after })
    .map((field) => ({
      field,
      before: word(field, before[inner(field.name)]),
      after: word(field, after[inner(field.name)]),
    }))
    .filter((line) => line.before !== line.after);
}
