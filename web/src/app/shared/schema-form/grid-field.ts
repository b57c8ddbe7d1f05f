/**
 * A list of objects as a spreadsheet (`x-widget: grid`): Enter goes down and adds a row, Tab goes on to the next row,
 * arrows move between cells, copied rows are pasted, and the footer adds up while somebody types.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  forwardRef,
  inject,
  input,
  linkedSignal,
  output,
  signal,
} from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Language } from '../i18n/language';
import { Format, MoneyPipe, TxtPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { Edit, asList, asObject, inMember, inRow, moved, rowMoved, rowRemoved } from './edits';
import { Step, stepOf } from './grid-steps';
import { cellsOf, pastedInto, withoutHeading } from './pasted';
import { withPicked } from './picked';
import { FieldSpec, Json, fieldId, isLocked, withDefaults, withoutComputed } from './schema';
import { SchemaField } from './schema-field';
import { Suggestion } from './sources';
import { footerOf } from './totals';

@Component({
  selector: 'afpi-grid-field',
  imports: [Icon, MoneyPipe, TranslocoPipe, TxtPipe, forwardRef(() => SchemaField)],
  templateUrl: './grid-field.html',
  styleUrls: ['./rows-field.scss', './grid-field.scss'],
  host: { '(keydown)': 'press($event)', '(paste)': 'paste($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GridField {
  readonly spec = input.required<FieldSpec>();
  readonly rows = input.required<Json[]>();
  readonly pointer = input.required<string>();
  readonly errors = input<ReadonlyMap<string, string>>(new Map());
  readonly locked = input(false);
  /** An edit for the list's present value. */
  readonly edit = output<Edit>();

  readonly #announcer = inject(LiveAnnouncer);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  readonly #language = inject(Language);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly id = computed(() => fieldId(this.pointer()));
  /** Keys of the rows while they move, so that a row's inputs move with it, including half-typed texts. */
  readonly #keys = linkedSignal<number, number[]>({
    source: () => this.rows().length,
    computation: (length, before) => {
      const keys = before?.value ?? [];
      const next = Math.max(-1, ...keys) + 1;
      return Array.from({ length }, (_, at) => keys[at] ?? next + at);
    },
  });
  protected readonly entries = computed(() =>
    this.rows().map((row, at) => ({
      row: asObject(row),
      key: this.#keys()[at] ?? -1 - at,
      final: isLocked(this.spec(), row),
    })),
  );
  protected readonly footer = computed(() => {
    const { totals } = this.spec();
    return totals && this.rows().length ? footerOf(totals, this.rows()) : null;
  });
  /** The cells of the last pasted block that were not read. */
  protected readonly unread = signal<string[]>([]);

  protected percent(rate: number): string {
    return this.#format.count(rate, 2);
  }
  protected movable(index: number, by: -1 | 1): boolean {
    const [from, to] = [this.entries()[index], this.entries()[index + by]];
    return from?.final === false && to?.final === false;
  }
  protected add(): void {
    const last = this.rows().length;
    this.edit.emit((now) => [...asList(now), withDefaults(this.spec().children, {})]);
    this.#enter(last, 0);
  }
  protected change(index: number, key: string, edit: Edit): void {
    this.edit.emit(inRow(index, (row) => inMember(key, edit)(withoutComputed(this.spec().children, asObject(row)))));
  }
  protected fill(index: number, one: Suggestion): void {
    const columns = this.spec().children;
    this.edit.emit(inRow(index, (row) => withPicked(columns, withoutComputed(columns, asObject(row)), one, false)));
    void this.#announcer.announce(this.#transloco.translate('form.filledIn', { name: one.label }));
  }
  protected remove(index: number): void {
    this.#keys.update((keys) => keys.filter((_, at) => at !== index));
    this.edit.emit(rowRemoved(index));
    this.#after(() => this.#row(index)?.querySelector<HTMLElement>('.remove') ?? this.#adder());
    void this.#announcer.announce(this.#transloco.translate('form.rowRemoved', { n: index + 1 }));
  }
  protected move(index: number, by: -1 | 1): void {
    this.#keys.update((keys) => moved(keys, index, by));
    this.edit.emit(rowMoved(index, by));
    this.#after(
      () =>
        this.#row(index + by)?.querySelector<HTMLElement>(by < 0 ? '.up:enabled, .down' : '.down:enabled, .up') ?? null,
    );
    void this.#announcer.announce(this.#transloco.translate('form.rowMoved', { n: index + by + 1 }));
  }

  protected press(event: KeyboardEvent): void {
    const cell = this.#cell(event.target);
    const step = cell && stepOf(event, this.rows().length, cell.row, this.#last(cell));
    if (!cell || !step) return;
    event.preventDefault();
    this.#take(step, cell);
  }
  #take(step: Step, { row, column }: Cell): void {
    if (step === 'add') this.add();
    else if (step === 'next-row') this.#enter(row + 1, 0);
    else if (step === 'up' || step === 'down') this.#enter(row + (step === 'up' ? -1 : 1), column);
    else {
      const cells = this.#inputs(row);
      const here = cells.findIndex((input) => input.closest('td')?.dataset['column'] === String(column));
      this.#focus(cells[here + (step === 'left' ? -1 : 1)] ?? null);
    }
  }

  protected paste(event: ClipboardEvent): void {
    if (this.locked()) return;
    const cells = cellsOf(event.clipboardData?.getData('text/plain') ?? '');
    if (!cells) return;
    event.preventDefault();
    const { row, column } = this.#cell(event.target) ?? { row: this.rows().length, column: 0 };
    const all = this.spec().children;
    const columns = all.slice(column);
    const pasted = pastedInto(columns, withoutHeading(columns, cells), this.#language.tag());
    this.edit.emit((now) => {
      const list = [...asList(now)];
      pasted.rows.forEach((values, at) => {
        if (isLocked(this.spec(), list[row + at])) return;
        const target = withoutComputed(all, asObject(list[row + at] ?? withDefaults(all, {})));
        values.forEach((value, position) => {
          const key = columns[position]?.key;
          if (key !== undefined && value !== undefined) target[key] = value;
        });
        list[row + at] = target;
      });
      return list;
    });
    this.unread.set(
      pasted.unread.map(({ row: at, column: { label }, text }) =>
        this.#transloco.translate('form.unread', { n: row + at + 1, column: this.#format.text(label), text }),
      ),
    );
    void this.#announcer.announce(this.#transloco.translate('form.rowsPasted', { n: pasted.rows.length }));
    this.#enter(row, column);
  }

  /** Where an event comes from. */
  #cell(target: EventTarget | null): Cell | null {
    const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-column]') : null;
    const row = cell?.closest<HTMLElement>('tr[data-row]');
    return cell && row ? { row: Number(row.dataset['row']), column: Number(cell.dataset['column']) } : null;
  }
  /** Is this the last cell of its row that can be edited? */
  #last({ row, column }: Cell): boolean {
    return this.#inputs(row).at(-1)?.closest('td')?.dataset['column'] === String(column);
  }
  #row(index: number): HTMLElement | null {
    return document.getElementById(`${this.id()}-${index}`);
  }
  #inputs(row: number): HTMLElement[] {
    const found = this.#row(row)?.querySelectorAll<HTMLElement>(
      'td[data-column] :is(input, select, textarea):not(:disabled, [readonly])',
    );
    return [...(found ?? [])];
  }
  #adder(): HTMLElement | null {
    return this.#host.querySelector<HTMLElement>('.add');
  }
  /** Goes to a cell, or to the next one that can be edited. */
  #enter(row: number, column: number): void {
    this.#after(() => {
      const inputs = this.#inputs(row);
      return inputs.find((one) => Number(one.closest('td')?.dataset['column']) >= column) ?? inputs.at(-1) ?? null;
    });
  }
  #after(what: () => HTMLElement | null): void {
    setTimeout(() => {
      this.#focus(what());
    });
  }
  /** The content is selected, so that typing replaces it. */
  #focus(element: HTMLElement | null): void {
    element?.focus();
    if (element instanceof HTMLInputElement && element.type !== 'checkbox') element.select();
  }
}

interface Cell {
  row: number;
  column: number;
}
