/** Several plugins of one kind on one site: the others that are asked there. */
import { Plugin } from '../../../api/models/plugin';

export interface Rival {
  id: string;
  name: Plugin['name'];
  order: number;
}

/** By site id, the other plugins of the same kind that are switched on there: lower positions first, equal ones by
 * id. */
export function rivalsOf(plugin: Pick<Plugin, 'id' | 'kind'>, all: Plugin[]): Map<string, Rival[]> {
  const found = new Map<string, Rival[]>();
  for (const { id, name, sites } of all.filter((other) => other.kind === plugin.kind && other.id !== plugin.id)) {
    for (const { localisation, order } of sites.filter(({ enabled }) => enabled))
      found.set(localisation.id, [...(found.get(localisation.id) ?? []), { id, name, order }]);
  }
  for (const rivals of found.values()) rivals.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  return found;
}
