/** The actions of the present page. Pages and panels register them, and the command palette offers them. */
import { DestroyRef, Injectable, Signal, computed, inject, signal } from '@angular/core';

export interface PageAction {
  id: string;
  label: string;
  run: () => unknown;
}

@Injectable({ providedIn: 'root' })
export class PageActions {
  readonly #sources = signal<readonly Signal<PageAction[]>[]>([]);
  /** Those of the page, then those of its panels. */
  readonly all = computed<PageAction[]>(() => this.#sources().flatMap((source) => source()));

  /** Call it in a constructor. The actions disappear with the page or the panel. */
  offer(actions: Signal<PageAction[]>): void {
    this.#sources.update((sources) => [...sources, actions]);
    inject(DestroyRef).onDestroy(() => {
      this.#sources.update((sources) => sources.filter((source) => source !== actions));
    });
  }
}
