/** The attendance grid: keys, states and moves. Pure. */
import { AttendanceCell } from '../../../api/models/attendance-cell';
import { AttendanceRow } from '../../../api/models/attendance-row';
import { AttendanceState } from '../../../api/models/attendance-state';

export const STATES: readonly AttendanceState[] = ['present', 'absent', 'excused', 'late'];

/** The state of a key: the first letter in French, and in English where it is free. */
export function stateOf(key: string): AttendanceState | null | undefined {
  switch (key.toLowerCase()) {
    case 'p':
      return 'present';
    case 'a':
      return 'absent';
    case 'e':
      return 'excused';
    case 'r':
    case 'l':
      return 'late';
    case 'delete':
    case 'backspace':
      return null;
    default:
      return undefined;
  }
}

export interface Place {
  row: number;
  column: number;
}

/** Where a key leads in a grid of this size; `null` for a key that leads nowhere. */
export function moved({ row, column }: Place, key: string, rows: number, columns: number): Place | null {
  const within = (at: number, count: number): number => Math.min(Math.max(at, 0), count - 1);
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1, rows), column };
    case 'ArrowDown':
    case 'Enter':
      return { row: within(row + 1, rows), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1, columns) };
    case 'ArrowRight':
      return { row, column: within(column + 1, columns) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: columns - 1 };
    default:
      return null;
  }
}

/** What is noted of a trainee on a half-day. */
export function cellOf({ cells }: AttendanceRow, day: string, half: string): AttendanceCell | undefined {
  return cells.find((cell) => cell.day === day && cell.half === half);
}
