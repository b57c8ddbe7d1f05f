/**
 * One short message at a time, announced to screen readers. A result of the user's action replaces the present message.
 * Other messages wait, and only the latest of them is kept. Errors stay until dismissed.
 */
import { Injectable, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

export interface Toast {
  /** `info` is not caused by the user; the others are results of the user's action. */
  tone: 'good' | 'bad' | 'info';
  text: string;
  details?: string[];
  /** A button beside the text: undo (also Ctrl+Z), or open. `hint` explains the label. */
  action?: { label: string; hint?: string; undoes?: boolean; run: () => unknown };
}

const LASTS_MS = 6000;
/** Reading, deciding and reaching the button take longer. */
const WITH_ACTION_MS = 12_000;

@Injectable({ providedIn: 'root' })
export class ToastStore {
  readonly #transloco = inject(TranslocoService);
  readonly #current = signal<Toast | null>(null);
  #waiting: Toast | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly current = this.#current.asReadonly();

  /** Returns the toast, to check whether it is still shown. */
  show(toast: Toast): Toast {
    if (toast.tone === 'info' && this.#current()) this.#waiting = toast;
    else this.#put(toast);
    return toast;
  }

  done(text: string, action?: Toast['action']): Toast {
    return this.show(action ? { tone: 'good', text, action } : { tone: 'good', text });
  }

  /** Reports an action, with undo. `hint` explains the undo. */
  undoable(text: string, undo: () => unknown, hint = ''): void {
    this.done(text, { label: this.#transloco.translate('common.undo'), hint, undoes: true, run: undo });
  }

  /** Runs the offered undo. Returns whether there was one. */
  undo(): boolean {
    const action = this.#current()?.action;
    if (!action?.undoes) return false;
    this.dismiss();
    action.run();
    return true;
  }

  dismiss(): void {
    this.#put(this.#waiting);
  }

  /** The pointer or the focus is on it: it stays. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    clearTimeout(this.#timer);
    const toast = this.#current();
    if (toast && toast.tone !== 'bad')
      this.#timer = setTimeout(
        () => {
          this.dismiss();
        },
        toast.action ? WITH_ACTION_MS : LASTS_MS,
      );
  }

  #put(toast: Toast | null): void {
    this.#waiting = null;
    this.#current.set(toast);
    this.release();
  }
}
