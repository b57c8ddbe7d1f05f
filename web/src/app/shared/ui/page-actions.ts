/** What can be done on the page of now; the page says it, the command palette offers it. */
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

  /** Call in a page's constructor; the actions go when the page goes. */
  offer(actions: Signal<PageAction[]>): void {
    this.#source.set(actions);
    inject(DestroyRef).onDestroy(() => {
      if (this.#source() === actions) this.#source.set(null);
    });
  }
}
