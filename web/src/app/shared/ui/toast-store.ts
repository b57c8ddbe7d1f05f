/** Short messages at the edge of the screen, announced to screen readers; errors stay until dismissed. */
import { Injectable, signal } from '@angular/core';

export interface Toast {
  tone: 'good' | 'bad' | 'info';
  text: string;
  details?: string[];
  /** A button beside the text, e.g. undo or open. */
  action?: { label: string; run: () => void };
}

const LASTS_MS = 6000;

@Injectable({ providedIn: 'root' })
export class ToastStore {
  #next = 0;
  readonly #toasts = signal<(Toast & { id: number })[]>([]);
  readonly toasts = this.#toasts.asReadonly();

  show(toast: Toast): void {
    const id = this.#next++;
    this.#toasts.update((all) => [...all.slice(-3), { ...toast, id }]);
    if (toast.tone !== 'bad') setTimeout(() => { this.dismiss(id); }, LASTS_MS);
  }

  done(text: string, action?: Toast['action']): void {
    this.show(action ? { tone: 'good', text, action } : { tone: 'good', text });
  }

  dismiss(id: number): void {
    this.#toasts.update((all) => all.filter((toast) => toast.id !== id));
  }
}
