/**
 * The keys of a list's rows. The focus is the place in the list: `j`, `k` and the arrows move it from one row's link to
 * the next, `x` chooses the row, Space shows it beside the list, and `Escape` gives up what is shown or chosen. Without a
 * focus in the list `j` begins at its top.
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
  /** Space. */
  readonly peeked = output<T>();
  /** The focus came to this row by a key. */
  readonly reached = output<T>();
  readonly escaped = output();
  #last = -1;
  readonly #table = inject<ElementRef<HTMLTableElement>>(ElementRef).nativeElement;
  readonly #dialog = inject(Dialog);

  protected key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#dialog.openDialogs.length || document.querySelector('.cdk-overlay-pane:not(:empty)')) return;
    const box = target instanceof HTMLInputElement && target.type === 'checkbox';
    if (target.isContentEditable || (TYPES.test(target.tagName) && !box)) return;
    if (event.key === 'Escape') this.escaped.emit();
    else if (this.#table.contains(target) || 'jk'.includes(event.key)) this.#act(event, this.#at(target));
  }

  /** The place of the row that has the focus, or had it; -1: none. */
  #at(target: HTMLElement): number {
    const at = this.#rows().findIndex((row) => row.contains(target));
    return at < 0 ? this.#last : at;
  }

  #act(event: KeyboardEvent, at: number): void {
    const row = this.afpiRows()[at];
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) this.#go(Math.max(0, at + step));
    else if (event.key.toLowerCase() === 'x' && row) this.picked.emit({ row, range: event.shiftKey });
    else if (event.key === ' ' && row && (event.target as HTMLElement).matches('.main a')) this.peeked.emit(row);
    else return;
    event.preventDefault();
  }

  #go(to: number): void {
    const [row, place] = [this.afpiRows()[to], this.#rows()[to]];
    if (!row || !place) return;
    this.#last = to;
    place.querySelector<HTMLElement>('.main a, .main button')?.focus();
    place.scrollIntoView({ block: 'nearest' });
    this.reached.emit(row);
  }

  #rows(): HTMLElement[] {
    return [...this.#table.querySelectorAll<HTMLElement>('tr[data-row]')];
  }
}
