/** The button that opens the choice of a list's columns. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { CdkMenu, CdkMenuItemCheckbox, CdkMenuTrigger } from '@angular/cdk/menu';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../ui/icon';
import { Columns } from './columns';

@Component({
  selector: 'afpi-column-choice',
  imports: [CdkMenu, CdkMenuItemCheckbox, CdkMenuTrigger, Icon, TranslocoPipe],
  template: `
    <button type="button" class="btn" [cdkMenuTriggerFor]="choose">
      <afpi-icon name="settings" [size]="16" />{{ 'common.columns' | transloco }}
    </button>
    <ng-template #choose>
      <div class="menu choices" cdkMenu>
        @for (column of columns().all(); track column.id) {
          <button
            type="button"
            class="menu-item"
            cdkMenuItemCheckbox
            [cdkMenuItemChecked]="columns().has(column.id)"
            (cdkMenuItemTriggered)="columns().toggle(column.id)"
          >
            <span class="grow">{{ column.label }}</span>
            @if (columns().has(column.id)) {
              <afpi-icon name="check" [size]="16" />
            }
          </button>
        }
      </div>
    </ng-template>
  `,
  styles: `
    .choices {
      max-height: min(24.5rem, 70dvh);
      overflow-y: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnChoice {
  readonly columns = input.required<Columns>();
}
