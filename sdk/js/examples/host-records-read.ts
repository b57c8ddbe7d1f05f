import { type Id, records } from 'afpi-plugin';

export function openDealsOf(entreprise: Id): number {
  let count = 0;
  for (let after: string | null = null; ; ) {
    const page = records.opportunites({ entreprise }, { after });
    count += page.items.length;
    after = page.next;
    if (after === null) return count;
  }
}
