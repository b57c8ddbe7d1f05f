/** Reads rows that were copied from a spreadsheet: cells between tabs, rows between line breaks. Pure. */
import { readMoney, readNumber } from '../i18n/reading';
import type { FieldSpec, Json } from './schema';

/** A cell that could not be read. */
export interface Unread {
  /** From 0, within what was pasted. */
  row: number;
  column: FieldSpec;
  text: string;
}

export interface Pasted {
  /** Values by row, each for the column of its position; `undefined` where a cell is empty or was not read. */
  rows: (Json | undefined)[][];
  unread: Unread[];
}

/** The cells of a copied block, or `null` for a single text, which the input takes itself. */
export function cellsOf(text: string): string[][] | null {
  if (!/[\t\n]/.test(text.replace(/\r?\n$/, ''))) return null;
  const rows: string[][] = [[]];
  let [cell, quoted] = ['', false];
  const source = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(/\n$/, '');
  const close = (): void => {
    rows.at(-1)?.push(cell);
    cell = '';
  };
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? '';
    if (quoted) {
      if (char !== '"') cell += char;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === '\t') close();
    else if (char === '\n') {
      close();
      rows.push([]);
    } else cell += char;
  }
  close();
  return rows.filter((row) => row.some((one) => one.trim() !== ''));
}

/** The block without its first row if that repeats the headings of the columns. */
export function withoutHeading(columns: readonly FieldSpec[], cells: string[][]): string[][] {
  const [first = [], ...rest] = cells;
  const named = (cell: string, at: number): boolean => {
    const label = columns[at]?.label;
    return (
      cell.trim() === '' || (label !== undefined && [label.fr, label.en].some((name) => folded(name) === folded(cell)))
    );
  };
  return rest.length && first.every(named) ? rest : cells;
}

/** The values of a block for these columns. Computed columns keep their position and take nothing. */
export function pastedInto(columns: readonly FieldSpec[], cells: string[][], tag: string): Pasted {
  const unread: Unread[] = [];
  const rows = cells.map((row, at) =>
    row.slice(0, columns.length).map((cell, position) => {
      const column = columns[position];
      const text = cell.trim();
      if (!column || column.readonly || text === '') return undefined;
      const value = valueOf(column, text, tag);
      if (value === undefined) unread.push({ row: at, column, text });
      return value;
    }),
  );
  return { rows, unread };
}

function valueOf(column: FieldSpec, text: string, tag: string): Json | undefined {
  switch (column.widget) {
    case 'money':
      return read(readMoney(text, tag));
    case 'number':
    case 'integer':
      return read(readNumber(text, tag, column.decimals));
    case 'select': {
      const names = ({ value, label }: FieldSpec['options'][number]): string[] => [String(value), label.fr, label.en];
      return column.options.find((option) => names(option).some((name) => folded(name) === folded(text)))?.value;
    }
    case 'text':
    case 'textarea':
      return oneLine(text).length > (column.maxLength ?? Infinity) ? undefined : oneLine(text);
    default:
      return undefined;
  }
}

function read({ value, fault }: { value: number | null; fault: unknown }): number | undefined {
  return fault === null && value !== null ? value : undefined;
}
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
/** In comparable form: case, accents and spaces do not matter. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, '').replace(/s$/, '');
}
