/** The views of a list, and its search and filters under them. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { VueList } from '../../../api/models/vue-list';
import { Columns } from '../../../shared/columns/columns';
import { Filter } from '../../../shared/ui/filter';
import { FilterBar } from '../../../shared/ui/filter-bar';
import { QueryState } from '../../../shared/ui/query-state';
import { VueBar } from './vue-bar';

@Component({
  selector: 'afpi-list-tools',
  imports: [FilterBar, VueBar],
  template: `
    <afpi-vue-bar [list]="list()" [state]="state()" [columns]="columns()" />
    <afpi-filter-bar [state]="state()" [search]="search()" [filters]="filters()" />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ListTools {
  readonly list = input.required<VueList>();
  readonly state = input.required<QueryState<string>>();
  readonly columns = input<Columns>();
  /** Text key of the search box; without it there is none. */
  readonly search = input<string>();
  readonly filters = input.required<readonly Filter[]>();
}
