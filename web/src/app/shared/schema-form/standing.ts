/** Messages about a document. Each one is shown while its value is unchanged. */
import { Signal, computed, linkedSignal, untracked } from '@angular/core';
import { same } from '../forms/lost-race';
import { JsonObject, valueAt } from './schema';

/** Messages by pointer; `base` is the pointer of the document itself. */
export function standing(
  messages: Signal<ReadonlyMap<string, string>>,
  document: Signal<JsonObject>,
  base: () => string,
): Signal<ReadonlyMap<string, string>> {
  const said = linkedSignal({
    source: () => ({ messages: messages(), base: base() }),
    computation: (now) => ({ ...now, about: untracked(document) }),
  });
  return computed(() => {
    const { messages: all, base: root, about } = said();
    const now = document();
    const stands = (pointer: string): boolean =>
      !pointer.startsWith(`${root}/`) ||
      same(valueAt(about, pointer.slice(root.length)), valueAt(now, pointer.slice(root.length)));
    return new Map([...all].filter(([pointer]) => stands(pointer)));
  });
}
