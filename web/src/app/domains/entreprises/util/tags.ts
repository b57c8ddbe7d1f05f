/** The tags of companies. Two that differ only in case or accents are the same one. Pure. */

interface Tagged {
  tags: readonly string[];
}

const fold = (tag: string): string => tag.trim().normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those of several companies, the most frequent first. */
export function tagsIn(rows: readonly Tagged[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of rows.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([tag]) => tag);
}

/** With one more; `null` when it is there. */
export function withTag(tags: readonly string[], tag: string): string[] | null {
  return tags.some((one) => fold(one) === fold(tag)) ? null : [...tags, tag.trim()];
}

/** Without one; `null` when it is not there. */
export function withoutTag(tags: readonly string[], tag: string): string[] | null {
  const left = tags.filter((one) => fold(one) !== fold(tag));
  return left.length === tags.length ? null : left;
}
