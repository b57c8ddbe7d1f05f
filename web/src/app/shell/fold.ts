/** Whether the sidebar shows icons only. `boot.js` does the same before the first paint. */
import { DOCUMENT } from '@angular/common';
import { Injectable, inject, signal } from '@angular/core';
import { recall, remember } from '../shared/ui/storage';

const KEY = 'afpi.folded';

@Injectable({ providedIn: 'root' })
export class Fold {
  readonly #root = inject(DOCUMENT).documentElement;
  readonly #folded = signal(recall(KEY) !== null);
  readonly folded = this.#folded.asReadonly();

  turn(): void {
    this.#folded.update((folded) => !folded);
    remember(KEY, this.folded() ? 'yes' : null);
    this.#root.classList.toggle('folded', this.folded());
  }
}
