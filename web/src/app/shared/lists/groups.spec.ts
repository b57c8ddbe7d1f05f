import { inGroups } from './groups';

const rows = ['b1', 'a1', 'b2', 'c1', 'a2'];
const shown = (groups: { key: string; rows: string[] }[]): string[] =>
  groups.map(({ key, rows: own }) => `${key}: ${own.join(' ')}`);

describe('rows in groups', () => {
  it('keep their order, and groups come as they first appear', () => {
    expect(shown(inGroups(rows, ([first = '']) => first))).toEqual(['b: b1 b2', 'a: a1 a2', 'c: c1']);
  });
  it('follow the rank of their groups', () => {
    const rank = (row: string): number => 'cab'.indexOf(row.charAt(0));
    expect(shown(inGroups(rows, (row) => row.charAt(0), rank))).toEqual(['c: c1', 'a: a1 a2', 'b: b1 b2']);
  });
  it('are none of nothing', () => {
    expect(inGroups([], () => 'x')).toEqual([]);
  });
});
