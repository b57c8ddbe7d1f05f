/**
 * The keys of a list's rows. The focus is the place in the list: `j`, `k` and the arrows move it from one row's link to
 * the next, `x` chooses the row, and `Escape` gives the choice up. Without a focus in the list `j` begins at its top.
 */
import { Directive, ElementRef, inject, input, output } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';

const TYPES = /^(INPUT|TEXTAREA|SELECT)$/;

@Directive({
  selector: 'table[afpiRows]',
  host: { '(document:keydown)': 'key($event)' },
})
export class RowKeys<T> {
  /** The rows as they stand in the table's body. */
  readonly afpiRows = input.required<readonly T[]>();
  /** `x`; with Shift it reaches from the row that was chosen before. */
  readonly picked = output<{ row: T; range: boolean }>();
  readonly escaped = output();
  readonly #table = inject<ElementRef<HTMLTableElement>>(ElementRef).nativeElement;
  readonly #dialog = inject(Dialog);

  protected key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#dialog.openDialogs.length || document.querySelector('.cdk-overlay-pane:not(:empty)')) return;
    const box = target instanceof HTMLInputElement && target.type === 'checkbox';
    if (target.isContentEditable || (TYPES.test(target.tagName) && !box)) return;
    if (event.key === 'Escape') this.escaped.emit();
    else if (this.#table.contains(target) || event.key === 'j') this.#move(event, this.#at(target));
  }

  /** The place of the row that has the focus; -1: none has. */
  #at(target: HTMLElement): number {
    return this.#rows().findIndex((row) => row.contains(target));
  }

  #move(event: KeyboardEvent, at: number): void {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const row = this.afpiRows()[at];
    if (step) {
      const to = this.#rows()[Math.max(0, at + step)];
      if (!to) return;
      to.querySelector<HTMLElement>('.main a, .main button')?.focus();
      to.scrollIntoView({ block: 'nearest' });
    } else if (event.key.toLowerCase() === 'x' && row) this.picked.emit({ row, range: event.shiftKey });
    else return;
    event.preventDefault();
  }

  #rows(): HTMLElement[] {
    return [...this.#table.querySelectorAll<HTMLElement>('tr[data-row]')];
  }
}
