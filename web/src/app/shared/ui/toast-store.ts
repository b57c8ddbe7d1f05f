/**
 * One short message at a time, announced to screen readers. What a person has just done replaces what is shown; what
 * comes by itself waits for its turn, and only the latest of it. Errors stay until dismissed.
 */
import { Injectable, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

export interface Toast {
  /** `info` comes by itself; the others answer what a person has done. */
  tone: 'good' | 'bad' | 'info';
  text: string;
  details?: string[];
  /** A button beside the text: undo, or open. */
  action?: { label: string; run: () => unknown };
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

  show(toast: Toast): void {
    if (toast.tone === 'info' && this.#current()) this.#waiting = toast;
    else this.#put(toast);
  }

  done(text: string, action?: Toast['action']): void {
    this.show(action ? { tone: 'good', text, action } : { tone: 'good', text });
  }

  /** Says what was done, with the way back. */
  undoable(text: string, undo: () => unknown): void {
    this.done(text, { label: this.#transloco.translate('common.undo'), run: undo });
  }

  dismiss(): void {
    this.#put(this.#waiting);
  }

  /** A pointer or the focus is on it: it stays. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    clearTimeout(this.#timer);
    const toast = this.#current();
    if (toast && toast.tone !== 'bad') this.#timer = setTimeout(() => { this.dismiss(); }, toast.action ? WITH_ACTION_MS : LASTS_MS);
  }

  #put(toast: Toast | null): void {
    this.#waiting = null;
    this.#current.set(toast);
    this.release();
  }
}
