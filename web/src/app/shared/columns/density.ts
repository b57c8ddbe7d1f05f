/** How much room the rows of lists get: what the view of the list says, otherwise what the person chose in this browser. */
import { Injectable, computed, signal } from '@angular/core';
import { recall, remember } from '../ui/storage';

export type Density = 'compact' | 'comfortable';

const KEY = 'afpi.density';

@Injectable({ providedIn: 'root' })
export class Rows {
  readonly #own = signal<Density>(recall(KEY) === 'compact' ? 'compact' : 'comfortable');
  readonly #view = signal<Density | null>(null);

  readonly density = computed(() => this.#view() ?? this.#own());

  /** What the view says; `null`: nothing. */
  use(density: Density | null): void {
    this.#view.set(density);
  }

  choose(density: Density): void {
    this.#view.set(null);
    this.#own.set(density);
    remember(KEY, density);
  }
}
