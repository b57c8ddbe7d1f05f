import { query } from 'afpi-plugin';

export function capacityOf(room: string): number | null {
  const [entry] = query.fetch([{ kind: 'salle', id: room }], 'capacity');
  return entry ? (query.read<{ capacity?: number }>(entry).capacity ?? null) : null;
}
