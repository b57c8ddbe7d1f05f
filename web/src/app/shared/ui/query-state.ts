/** Filters of a list are in the address, so that a view can be bookmarked, shared and reached with "back". */
import { Signal, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';

export interface QueryState<K extends string> {
  readonly values: Signal<Record<K, string>>;
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
  const values = computed(
    () => Object.fromEntries(keys.map((key) => [key, query().get(key) ?? defaults[key]])) as Record<K, string>,
    { equal: (a, b) => keys.every((key) => a[key] === b[key]) },
  );
  const go = (next: Record<K, string>): void => {
    const queryParams = Object.fromEntries(keys.map((key) => [key, next[key] === defaults[key] ? null : next[key]]));
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  };
  return {
    values,
    set: (changes) => {
      go({ ...values(), ...changes });
    },
    clear: () => {
      go(defaults);
    },
    active: computed(() => keys.some((key) => values()[key] !== defaults[key])),
  };
}
