/**
 * Chooses the columns of a list, their order, their widths and the room of its rows. Each change shows at once in the
 * list behind.
 */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  signal,
} from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Language } from '../i18n/language';
import { Icon } from '../ui/icon';
import { COLUMN_TEXTS } from './column-texts';
import { Columns } from './columns';
import { DensityChoice } from './density-choice';

/** Widths in pixels. `0`: as wide as what stands in it. */
const WIDTHS = { auto: 0, narrow: 110, medium: 180, wide: 280 } as const;

@Component({
  imports: [DensityChoice, Icon, TranslocoPipe],
  template: `
    @if (ready()) {
      <div class="dialog">
        <header>
          <h2 id="columns-title">{{ 'common.columns' | transloco }}</h2>
        </header>
        <ul class="body">
          @for (column of rows(); track column.id) {
            @let at = columns.chosen();
            <li [class.off]="!column.on">
              <label class="check grow"
                ><input type="checkbox" [checked]="column.on" (change)="columns.toggle(column.id)" />{{
                  column.label
                }}</label
              >
              @if (column.on) {
                <select
                  class="input input-s"
                  [attr.aria-label]="'columns.widthOf' | transloco: { name: column.label }"
                  (change)="resize(column.id, $event)"
                >
                  @for (width of widths; track width.name) {
                    <option [value]="width.pixels" [selected]="width.pixels === (column.width ?? 0)">
                      {{ 'columns.width.' + width.name | transloco }}
                    </option>
                  }
                </select>
                <button
                  type="button"
                  class="btn btn-quiet btn-icon btn-s"
                  [attr.data-move]="column.id + '-1'"
                  [attr.aria-label]="'columns.earlier' | transloco: { name: column.label }"
                  [disabled]="at[0]?.id === column.id"
                  (click)="move(column, -1)"
                >
                  <afpi-icon name="arrow-up" [size]="16" />
                </button>
                <button
                  type="button"
                  class="btn btn-quiet btn-icon btn-s"
                  [attr.data-move]="column.id + '1'"
                  [attr.aria-label]="'columns.later' | transloco: { name: column.label }"
                  [disabled]="at[at.length - 1]?.id === column.id"
                  (click)="move(column, 1)"
                >
                  <afpi-icon name="arrow-down" [size]="16" />
                </button>
              }
            </li>
          }
        </ul>
        <afpi-density-choice />
        <footer>
          <button type="button" class="btn btn-primary" (click)="ref.close()">{{ 'columns.done' | transloco }}</button>
        </footer>
      </div>
    }
  `,
  styles: `
    .dialog > .body {
      gap: 2px;
      margin: 0;
      list-style: none;
    }
    li {
      display: flex;
      gap: 4px;
      align-items: center;
      min-height: 36px;
    }
    afpi-density-choice {
      padding: 10px 20px;
      border-top: 1px solid var(--border);
    }
    .off {
      color: var(--muted);
    }
    .input {
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnDialog {
  protected readonly columns = inject<Columns>(DIALOG_DATA);
  protected readonly ref = inject(DialogRef);
  readonly #announcer = inject(LiveAnnouncer);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);
  readonly #transloco = inject(TranslocoService);
  protected readonly ready = signal(false);
  protected readonly widths = Object.entries(WIDTHS).map(([name, pixels]) => ({ name, pixels }));
  /** The chosen ones in their order, then the others. */
  protected readonly rows = computed(() => [
    ...this.columns.shown().map((column) => ({ ...column, on: true })),
    ...this.columns
      .all()
      .filter(({ id }) => !this.columns.has(id))
      .map((column) => ({ ...column, on: false })),
  ]);

  constructor() {
    void inject(Language)
      .add(COLUMN_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
  }

  protected resize(id: string, event: Event): void {
    const width = Number((event.target as HTMLSelectElement).value);
    const chosen = this.columns.chosen();
    this.columns.set(chosen.map((column) => (column.id === id ? { id, ...(width ? { width } : {}) } : column)));
  }

  protected move({ id, label }: { id: string; label: string }, by: -1 | 1): void {
    const chosen = [...this.columns.chosen()];
    const from = chosen.findIndex((column) => column.id === id);
    const [column] = chosen.splice(from, 1);
    if (!column) return;
    chosen.splice(from + by, 0, column);
    this.columns.set(chosen);
    const place = { name: label, n: from + by + 1, total: chosen.length };
    void this.#announcer.announce(this.#transloco.translate('columns.moved', place));
    // The row moved with its buttons: the focus goes with it, and to the other one at the end.
    afterNextRender(
      () => {
        const button = (step: number): HTMLButtonElement | null =>
          this.#host.querySelector(`[data-move="${id}${step}"]`);
        const [same, other] = [button(by), button(-by)];
        (same?.disabled ? other : same)?.focus();
      },
      { injector: this.#injector },
    );
  }
}
