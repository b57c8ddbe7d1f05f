/** The actions of the present page. The page registers them, and the command palette offers them. */
import { DestroyRef, Injectable, Signal, computed, inject, signal } from '@angular/core';

export interface PageAction {
  id: string;
  label: string;
  run: () => unknown;
}

@Injectable({ providedIn: 'root' })
export class PageActions {
  readonly #source = signal<Signal<PageAction[]> | null>(null);
  readonly all = computed<PageAction[]>(() => this.#source()?.() ?? []);

  /** Call it in a page's constructor. The actions disappear with the page. */
  offer(actions: Signal<PageAction[]>): void {
    this.#source.set(actions);
    inject(DestroyRef).onDestroy(() => {
      if (this.#source() === actions) this.#source.set(null);
    });
  }
}
