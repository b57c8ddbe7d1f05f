/** Rows of a list in groups. Only what is read is grouped: the list says how much that is. Pure. */

export interface Group<T> {
  key: string;
  rows: T[];
}

/** The groups by `rank`, then as they first come; inside a group the rows keep their order. */
export function inGroups<T>(
  rows: readonly T[],
  key: (row: T) => string,
  rank: (row: T) => number = () => 0,
): Group<T>[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  const ranked = [...groups].map(([name, own]) => ({ key: name, rows: own, rank: own[0] ? rank(own[0]) : 0 }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ key: name, rows: own }) => ({ key: name, rows: own }));
}
