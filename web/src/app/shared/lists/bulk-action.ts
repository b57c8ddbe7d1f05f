/** What can be done with the chosen rows of a list. Domains say it; the bar and the dialog of `shared/lists` do it. */
import { IconName } from '../ui/icons';
import { Doing } from './carry-out';
import { Row } from './selection';

export interface BulkOption {
  value: string;
  label: string;
}

export interface BulkAction<T extends Row> {
  id: string;
  icon: IconName;
  label: string;
  /** The button that begins, and the report, with the number of records. */
  confirm: (n: number) => string;
  done: (n: number) => string;
  /** A choice before it begins. `options` may read the rows, and tells how many it has read. */
  choice?: { label: string; options: (rows: readonly T[], read: (n: number) => void) => Promise<BulkOption[]> };
  /** A text before it begins, with what was used before. */
  text?: { label: string; known: (rows: readonly T[]) => string[] };
  /** Says what to expect. */
  hint?: string;
  /** Begins with the chosen value or the text. */
  start: (value: string) => Doing<T>;
}

/** One that needs no dialog, for example a file. */
export interface DirectAction<T extends Row> {
  id: string;
  icon: IconName;
  label: string;
  run: (rows: readonly T[]) => Promise<void>;
}

export type ListAction<T extends Row> = BulkAction<T> | DirectAction<T>;
