/** The bar of the chosen rows: how many, all results instead, and what can be done with them. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Problems } from '../http/problem';
import { Language } from '../i18n/language';
import { CountPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { ListAction } from './bulk-action';
import { BulkDialog, BulkQuestion } from './bulk-dialog';
import { LIST_TEXTS } from './list-texts';
import { Row, Selection } from './selection';

@Component({
  selector: 'afpi-bulk-bar',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, CountPipe, Icon, TranslocoPipe],
  template: `
    @if (ready()) {
      @let chosen = selection();
      <section class="bar" [attr.aria-label]="'lists.bar' | transloco">
        <span class="strong num" role="status">{{
          (chosen.all() ? 'lists.pickedAll' : 'lists.picked') | transloco: { n: (chosen.count() | count) }
        }}</span>
        @if (!chosen.all() && chosen.more() && chosen.shown() === 'all') {
          <button type="button" class="btn-link" (click)="chosen.takeAll()">
            {{
              chosen.list.exact()
                ? ('lists.takeAll' | transloco: { n: (chosen.list.total() | count) })
                : ('lists.takeAllMore' | transloco)
            }}
          </button>
        }
        <span class="acts">
          @for (action of actions(); track action.id) {
            <button type="button" class="btn btn-s btn-quiet" [disabled]="busy()" (click)="begin(action)">
              <afpi-icon [name]="action.icon" [size]="16" />{{ action.label }}
            </button>
          }
        </span>
        <button type="button" class="btn btn-s few" [cdkMenuTriggerFor]="menu">
          {{ 'common.actions' | transloco }}<afpi-icon name="chevron-down" [size]="14" />
        </button>
        <button
          type="button"
          class="btn btn-quiet btn-icon btn-s"
          [attr.aria-label]="'lists.clear' | transloco"
          (click)="chosen.clear()"
        >
          <afpi-icon name="x" [size]="16" />
        </button>
      </section>
      <ng-template #menu>
        <div class="menu" cdkMenu>
          @for (action of actions(); track action.id) {
            <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="begin(action)">
              <afpi-icon [name]="action.icon" [size]="16" />{{ action.label }}
            </button>
          }
        </div>
      </ng-template>
    }
  `,
  styles: `
    :host {
      position: sticky;
      bottom: 16px;
      z-index: 5;
      display: flex;
      justify-content: center;
      pointer-events: none;
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 12px;
      align-items: center;
      max-width: 100%;
      padding: 7px 8px 7px 16px;
      border: 1px solid var(--border-strong);
      border-radius: var(--radius-l);
      background: var(--surface);
      box-shadow: var(--shadow-2);
      pointer-events: auto;
    }
    .acts {
      display: flex;
      gap: 2px;
      padding-inline: 6px;
      border-inline: 1px solid var(--border);
    }
    .acts .btn {
      color: var(--text);
    }
    .few {
      display: none;
    }
    @media (max-width: 700px) {
      .bar {
        flex: 1;
        justify-content: space-between;
      }
      .acts {
        display: none;
      }
      .few {
        display: inline-flex;
      }
    }
    @media (prefers-reduced-motion: no-preference) {
      .bar {
        animation: rise 0.14s ease-out;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
    }
    @media print {
      :host {
        display: none;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BulkBar<T extends Row> {
  readonly selection = input.required<Selection<T>>();
  readonly actions = input.required<readonly ListAction<T>[]>();
  /** A record's name for people. */
  readonly name = input.required<(row: T) => string>();
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  protected readonly ready = signal(false);
  protected readonly busy = signal(false);

  constructor() {
    void inject(Language)
      .add(LIST_TEXTS)
      .then(() => {
        this.ready.set(true);
      });
  }

  protected async begin(action: ListAction<T>): Promise<void> {
    const selection = this.selection();
    if ('start' in action) {
      const data: BulkQuestion<T> = { action, selection, name: this.name() };
      this.#dialog.open(BulkDialog, {
        data,
        panelClass: 'dialog-panel',
        ariaLabelledBy: 'bulk-title',
        disableClose: true,
      });
      return;
    }
    this.busy.set(true);
    try {
      await action.run(await selection.rows());
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
