/**
 * Edits one cell where it stands. The list shows the new value at once; a refusal brings the old one back, with what was
 * typed and the reason at the cell.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  inject,
  input,
  output,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { newerIn } from '../forms/lost-race';
import { Undo } from '../forms/undo';
import { PagedList } from '../http/paged-list';
import { Problems, isProblem } from '../http/problem';
import { moneyToInput } from '../i18n/format';
import { Language } from '../i18n/language';
import { Fault, readMoney, readNumber } from '../i18n/reading';
import { CellField, CellValue } from './cell-field';
import { Row } from './selection';

/** Where the focus goes: back to the cell, one down, the next one, the one before, or where the person clicked. */
export type Leaving = 'stay' | 'down' | 'next' | 'before' | 'away';

@Component({
  selector: 'afpi-cell-editor',
  imports: [TranslocoPipe],
  template: `
    @let now = field();
    @if (now.kind === 'choice') {
      <select
        #box
        class="input"
        [attr.aria-label]="now.label"
        [attr.aria-invalid]="said() ? true : null"
        aria-describedby="cell-said"
        (keydown)="key($event)"
        (blur)="blurred()"
      >
        @for (option of options.value(); track option.value) {
          <option [value]="option.value" [selected]="option.value === now.value(row())">{{ option.label }}</option>
        }
      </select>
    } @else {
      <input
        #box
        class="input"
        autocomplete="off"
        [attr.inputmode]="now.kind === 'text' ? null : 'decimal'"
        [attr.maxlength]="now.most ?? null"
        [attr.aria-label]="now.label"
        [attr.aria-invalid]="said() ? true : null"
        aria-describedby="cell-said"
        [class.right]="now.kind !== 'text'"
        [value]="text()"
        (keydown)="key($event)"
        (blur)="blurred()"
      />
    }
    <p id="cell-said" role="alert" [class.none]="!said()">{{ said() }}</p>
    <span class="sr-only">{{ 'common.cellKeys' | transloco }}</span>
  `,
  styles: `
    :host {
      position: absolute;
      inset: 3px 2px;
      z-index: 4;
      display: block;
      min-width: 120px;
    }
    .input {
      height: 100%;
      min-height: 32px;
      font-weight: 400;
      box-shadow: var(--shadow-2);
    }
    .right {
      text-align: right;
    }
    p {
      position: absolute;
      top: calc(100% + 4px);
      left: 0;
      z-index: 1;
      width: max-content;
      max-width: 300px;
      padding: 6px 10px;
      border: 1px solid var(--bad);
      border-radius: var(--radius-s);
      background: var(--bad-soft);
      color: var(--text);
      font-size: 12.5px;
      font-weight: 400;
      text-align: left;
      white-space: normal;
    }
    .none {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CellEditor<T extends Row & { version: number }> {
  readonly row = input.required<T>();
  readonly field = input.required<CellField<T>>();
  readonly list = input.required<PagedList<T, object>>();
  readonly left = output<Leaving>();
  readonly #problems = inject(Problems);
  readonly #language = inject(Language);
  readonly #transloco = inject(TranslocoService);
  readonly #undo = inject(Undo);
  protected readonly box = viewChild.required<ElementRef<HTMLInputElement | HTMLSelectElement>>('box');
  protected readonly said = signal('');
  /** As saved last: somebody else may have been faster. */
  readonly #seen = signal<T | null>(null);
  #busy = false;
  /** Taking it out of the page takes the focus away, which is no wish to save. */
  #gone = false;
  protected readonly options = resource({
    params: () => this.field().options,
    loader: ({ params }) => params(this.row()),
    defaultValue: [],
  });

  /** Takes the focus, once its view stands. */
  begin(): void {
    const box = this.box().nativeElement;
    box.focus();
    if (box instanceof HTMLInputElement) box.select();
  }

  protected text(): string {
    const { kind, value } = this.field();
    const now = value(this.row());
    return kind === 'money' ? moneyToInput(now as number | null, this.#language.tag()) : String(now ?? '');
  }

  protected key(event: KeyboardEvent): void {
    const how = { Enter: 'down', Tab: event.shiftKey ? 'before' : 'next', Escape: 'stay' }[event.key] as
      Leaving | undefined;
    if (!how) return;
    event.preventDefault();
    event.stopPropagation();
    if (how === 'stay') this.#leave(how);
    else void this.#save(how);
  }

  protected blurred(): void {
    if (!this.#busy && !this.#gone && !this.said()) void this.#save('away');
  }

  #read(): { value: CellValue; label: string; fault: Fault | null } {
    const [box, { kind, required }, tag] = [this.box().nativeElement, this.field(), this.#language.tag()];
    const typed = box.value.trim();
    if (!typed && required) return { value: null, label: '', fault: { required: true } };
    if (kind === 'money') return { ...readMoney(typed, tag), label: typed };
    if (kind === 'count') return { ...readNumber(typed, tag, 0), label: typed };
    const label = box instanceof HTMLSelectElement ? (box.selectedOptions[0]?.label ?? '') : typed;
    return { value: typed || null, label, fault: null };
  }

  async #save(how: Leaving): Promise<void> {
    if (this.#busy) return;
    const [{ value, label, fault }, field] = [this.#read(), this.field()];
    const row = this.#seen() ?? this.row();
    if (fault) {
      const [name = '', params] = Object.entries(fault)[0] ?? [];
      this.said.set(this.#transloco.translate(`form.${name}`, params === true ? {} : params));
      return;
    }
    if (value === field.value(row)) {
      this.#leave(how);
      return;
    }
    this.#busy = true;
    this.said.set('');
    this.#show({ ...field.shown(row, value, label), id: row.id });
    try {
      const saved = await field.write(row, value);
      this.#show(saved);
      const former = field.value(row);
      this.#undo.saved(
        () => field.write({ ...row, ...saved }, former),
        (now) => {
          this.#show(now);
        },
      );
      this.#leave(how);
    } catch (error) {
      const newer = newerIn<T>(error);
      this.#show(newer ?? row);
      if (newer) this.#seen.set({ ...row, ...newer });
      const named = isProblem(error) ? [...error.fields.values()][0] : undefined;
      this.said.set(newer ? this.#transloco.translate('stale.again') : (named ?? this.#problems.message(error)));
      this.box().nativeElement.focus();
    } finally {
      this.#busy = false;
    }
  }

  #leave(how: Leaving): void {
    this.#gone = true;
    this.left.emit(how);
  }

  #show(now: Partial<T> & Row): void {
    this.list().patch((items) => items.map((item) => (item.id === now.id ? { ...item, ...now } : item)));
  }
}
