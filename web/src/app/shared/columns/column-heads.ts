/** The head of a list with a choice of columns: what the list puts before them, the columns, and what is marked `end`. */
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { SortHeader } from '../ui/sort-header';
import { Columns } from './columns';

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- the head of a table must stay a `tr`
  selector: 'tr[afpiHeads]',
  imports: [SortHeader],
  template: `
    <ng-content />
    @for (column of afpiHeads().shown(); track column.id) {
      @if (column.sort; as by) {
        <th
          [class.right]="column.right"
          [style.min-width.px]="column.width"
          [style.width.px]="column.width"
          [afpiSort]="by"
          [sort]="sort()"
          (sortChange)="sortChange.emit($event)"
        >
          {{ column.label }}
        </th>
      } @else {
        <th
          scope="col"
          [class.right]="column.right"
          [style.min-width.px]="column.width"
          [style.width.px]="column.width"
        >
          {{ column.label }}
        </th>
      }
    }
    <ng-content select="[end]" />
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ColumnHeads {
  readonly afpiHeads = input.required<Columns>();
  /** The list's sort, `field` or `-field`. */
  readonly sort = input.required<string>();
  readonly sortChange = output<string>();
}
