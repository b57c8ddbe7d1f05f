/** How the keyboard walks over a board. Pure. */
import type { Line } from './board';

/** A cell by its line and column; column -1 is the name of the line. */
export interface Place {
  row: number;
  column: number;
}

/** Where this key leads; null for any other key. At an edge it stays. `first` is the first column. */
export function walked(
  { row, column }: Place,
  key: string,
  rows: number,
  columns: number,
  first: number,
): Place | null {
  const to = (nextRow: number, nextColumn: number): Place => ({
    row: Math.max(0, Math.min(rows - 1, nextRow)),
    column: Math.max(first, Math.min(columns - 1, nextColumn)),
  });
  switch (key) {
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'Home':
      return to(row, 0);
    case 'End':
      return to(row, columns - 1);
    case 'PageUp':
      return to(row - 10, column);
    case 'PageDown':
      return to(row + 10, column);
    default:
      return null;
  }
}

/** The next cell with a conflict behind this one, from the beginning after the last one. */
export function nextClash(lines: readonly Line[], { row, column }: Place): Place | null {
  const all = lines.flatMap(({ cells }, at) =>
    cells.flatMap(({ entries }, x) => (entries.some(({ clashes }) => clashes.length) ? [{ row: at, column: x }] : [])),
  );
  return all.find((one) => one.row > row || (one.row === row && one.column > column)) ?? all[0] ?? null;
}
