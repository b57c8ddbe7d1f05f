/** A saved view and the state of its list, compared and turned into one another. */
import { Vue } from '../../../api/models/vue';
import { VueParam } from '../../../api/models/vue-param';
import { QueryState } from '../../../shared/ui/query-state';

/** The parameter of the address that names the view shown. */
export const VUE = 'v';

type State = Pick<QueryState<string>, 'values' | 'defaults'>;

/** What the list shows, as far as it differs from what it usually shows. */
export function paramsOf({ values, defaults }: State): VueParam[] {
  return Object.entries(values())
    .filter(([name, value]) => value !== defaults[name])
    .map(([name, value]) => ({ name, value }));
}

/** Is it what the list shows? What the list no longer knows counts for nothing. */
export function same(query: VueParam[], state: State): boolean {
  const wanted = new Map(query.map(({ name, value }) => [name, value]));
  return Object.entries(state.values()).every(([name, now]) => now === (wanted.get(name) ?? state.defaults[name]));
}

/** The parameters of the address that show a view; the list without filters when it is `null`. */
export function addressOf(vue: Vue | null, { defaults }: State, all: string | null): Record<string, string | null> {
  const none = Object.fromEntries(Object.keys(defaults).map((name) => [name, null]));
  const own = (vue?.query ?? []).filter(({ name }) => name in defaults);
  return { ...none, ...Object.fromEntries(own.map(({ name, value }) => [name, value])), [VUE]: vue?.id ?? all };
}
