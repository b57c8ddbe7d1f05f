/** Takes the list on screen, whole and with its filters, away as a file for a spreadsheet. */
import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Download } from '../http/download';
import { Problems } from '../http/problem';
import { Icon } from './icon';
import { ToastStore } from './toast-store';

@Component({
  selector: 'afpi-export-button',
  imports: [Icon, TranslocoPipe],
  template: `
    <button type="button" class="btn" [disabled]="busy()" [attr.title]="'common.exportHint' | transloco" (click)="save()">
      <afpi-icon name="download" [size]="16" />{{ (busy() ? 'common.exporting' : 'common.export') | transloco }}
    </button>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExportButton {
  /** Where the API answers with the file, and what the file is called before the day. */
  readonly path = input.required<string>();
  readonly name = input.required<string>();
  /** The list's filters. */
  readonly params = input.required<object>();
  readonly #download = inject(Download);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly busy = signal(false);

  protected async save(): Promise<void> {
    this.busy.set(true);
    try {
      await this.#download.file(this.path(), `${this.name()}-${new Date().toISOString().slice(0, 10)}.csv`, { ...this.params() });
      this.#toasts.done(this.#transloco.translate('common.exported'));
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
    }
  }
}
