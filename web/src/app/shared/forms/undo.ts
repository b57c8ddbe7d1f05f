/** Undoes the last save: « Annuler » in the toast restores the old values, unless somebody else has saved since. */
import { Injectable, effect, inject, signal, untracked } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Problems } from '../http/problem';
import { ToastStore } from '../ui/toast-store';
import { newerIn } from './lost-race';

@Injectable({ providedIn: 'root' })
export class Undo {
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #problems = inject(Problems);
  readonly #turns = signal(0);

  /**
   * Reports a save, with undo. `back` writes the old values over the saved version. `show` gets the resulting record,
   * also when somebody else was faster. The user may have left the page by then.
   */
  saved<T extends { version: number }>(back: () => Promise<T>, show: (now: T) => void = () => undefined): void {
    this.#toasts.undoable(this.#transloco.translate('common.saved'), async () => {
      try {
        show(await back());
        this.#toasts.done(this.#transloco.translate('common.undone'));
      } catch (error) {
        const now = newerIn<T>(error);
        if (now) {
          show(now);
          this.#toasts.show({ tone: 'bad', text: this.#transloco.translate('stale.undo') });
        } else this.#problems.report(error);
      }
      this.#turns.update((turns) => turns + 1);
    });
  }

  /** Runs `reload` after every undo, as long as the caller exists. Call it in an injection context. */
  afterwards(reload: () => unknown): void {
    let seen = this.#turns();
    effect(() => {
      if (this.#turns() === seen) return;
      seen = this.#turns();
      untracked(reload);
    });
  }
}
