import { moved, stateOf } from './grid';

describe('the attendance grid', () => {
  it('knows its letters in both languages', () => {
    expect(['p', 'A', 'e', 'R', 'l'].map(stateOf)).toEqual(['present', 'absent', 'excused', 'late', 'late']);
    expect(stateOf('Delete')).toBeNull();
    expect(stateOf('x')).toBeUndefined();
  });

  it('moves by arrows and stays within its borders', () => {
    const at = { row: 0, column: 1 };
    expect(moved(at, 'ArrowUp', 3, 2)).toEqual(at);
    expect(moved(at, 'ArrowDown', 3, 2)).toEqual({ row: 1, column: 1 });
    expect(moved(at, 'ArrowRight', 3, 2)).toEqual(at);
    expect(moved(at, 'Home', 3, 2)).toEqual({ row: 0, column: 0 });
    expect(moved({ row: 2, column: 0 }, 'Enter', 3, 2)).toEqual({ row: 2, column: 0 });
    expect(moved(at, 'Tab', 3, 2)).toBeNull();
  });
});
