/** The button that opens the choice of a list's columns. The dialog is loaded when somebody opens it. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../ui/icon';
import { Columns } from './columns';

@Component({
  selector: 'afpi-column-choice',
  imports: [Icon, TranslocoPipe],
  template: `
    <button type="button" class="btn" aria-haspopup="dialog" (click)="open()">
      <afpi-icon name="settings" [size]="16" />{{ 'common.columns' | transloco }}
    </button>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnChoice {
  readonly columns = input.required<Columns>();
  readonly #dialog = inject(Dialog);

  protected async open(): Promise<void> {
    const { ColumnDialog } = await import('./column-dialog');
    this.#dialog.open(ColumnDialog, {
      data: this.columns(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'columns-title',
    });
  }
}
