/** Exports the whole displayed list with its filters as a file: XLSX for a spreadsheet, CSV for another program. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Download } from '../http/download';
import { Problems } from '../http/problem';
import { Icon } from './icon';
import { ToastStore } from './toast-store';

const FORMATS = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
} as const;
type Format = keyof typeof FORMATS;

@Component({
  selector: 'afpi-export-button',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon, TranslocoPipe],
  template: `
    <button
      type="button"
      class="btn"
      [disabled]="busy()"
      [attr.title]="'common.exportHint' | transloco"
      [cdkMenuTriggerFor]="formats"
    >
      <afpi-icon name="download" [size]="16" />{{ (busy() ? 'common.exporting' : 'common.export') | transloco }}
    </button>
    <ng-template #formats>
      <div class="menu" cdkMenu>
        @for (format of choices; track format) {
          <button type="button" class="menu-item" cdkMenuItem (cdkMenuItemTriggered)="save(format)">
            {{ 'common.exportAs.' + format | transloco }}
          </button>
        }
      </div>
    </ng-template>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExportButton {
  /** The API path of the file, and the file's name before the date. */
  readonly path = input.required<string>();
  readonly name = input.required<string>();
  /** The list's filters. */
  readonly params = input.required<object>();
  readonly #download = inject(Download);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly choices = Object.keys(FORMATS) as Format[];
  protected readonly busy = signal(false);

  protected async save(format: Format): Promise<void> {
    this.busy.set(true);
    try {
      const name = `${this.name()}-${new Date().toISOString().slice(0, 10)}.${format}`;
      await this.#download.file(this.path(), name, { ...this.params() }, FORMATS[format]);
      this.#toasts.done(this.#transloco.translate('common.exported'));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
