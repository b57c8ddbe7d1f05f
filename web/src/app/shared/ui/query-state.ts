/** Filters of a list are in the address, so that a view can be bookmarked, shared and reached with "back". */
import { Signal, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, ParamMap, Router, UrlTree } from '@angular/router';

export interface QueryState<K extends string> {
  readonly values: Signal<Record<K, string>>;
  readonly defaults: Readonly<Record<K, string>>;
  set(changes: Partial<Record<K, string>>): void;
  clear(): void;
  readonly active: Signal<boolean>;
}

/** Reads and writes the query parameters named in `defaults`; a value equal to its default leaves the address. */
export function queryState<K extends string>(defaults: Record<K, string>): QueryState<K> {
  const router = inject(Router);
  const route = inject(ActivatedRoute);
  const query = toSignal(route.queryParamMap, { requireSync: true });
  const keys = Object.keys(defaults) as K[];
  const read = (params: ParamMap): Record<K, string> =>
    Object.fromEntries(keys.map((key) => [key, params.get(key) ?? defaults[key]])) as Record<K, string>;
  const values = computed(() => read(query()), { equal: (a, b) => keys.every((key) => a[key] === b[key]) });
  /**
   * The page under way, if any. A search box tells its words after a pause, maybe when the person already follows a
   * link: a new navigation would cancel that one.
   */
  const underWay = (): UrlTree | undefined => {
    const navigation = router.currentNavigation();
    return navigation?.finalUrl ?? navigation?.extractedUrl;
  };
  const path = (tree: UrlTree): string => router.serializeUrl(tree).split(/[?#]/)[0] ?? '';
  const go = (next: (now: Record<K, string>) => Record<K, string>): void => {
    const coming = underWay();
    const here = router.createUrlTree([], { relativeTo: route });
    if (coming && path(coming) !== path(here)) return;
    const now = coming ? read(coming.queryParamMap) : values();
    const wanted = next(now);
    const queryParams = Object.fromEntries(
      keys.map((key) => [key, wanted[key] === defaults[key] ? null : wanted[key]]),
    );
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  };
  return {
    values,
    defaults,
    set: (changes) => {
      go((now) => ({ ...now, ...changes }));
    },
    clear: () => {
      go(() => defaults);
    },
    active: computed(() => keys.some((key) => values()[key] !== defaults[key])),
  };
}
