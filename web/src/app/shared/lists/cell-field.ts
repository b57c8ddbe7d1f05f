/** A field that can be edited in its cell. Domains say which ones, and how a value is written. */
import { BulkOption } from './bulk-action';
import { Row } from './selection';

export type CellValue = string | number | null;

export interface CellField<T extends Row> {
  label: string;
  /** `money` is in cents. */
  kind: 'text' | 'money' | 'count' | 'choice';
  /** Of a text. */
  most?: number;
  /** It cannot be empty. */
  required?: boolean;
  /** Of a choice. */
  options?: (row: T) => Promise<BulkOption[]>;
  value: (row: T) => CellValue;
  /** The row as it will look, before the server has answered. */
  shown: (row: T, value: CellValue, label: string) => Partial<T>;
  /** Writes over the version that is in the row. */
  write: (row: T, value: CellValue) => Promise<Partial<T> & Row & { version: number }>;
}

export type CellFields<T extends Row> = Readonly<Record<string, CellField<T>>>;
