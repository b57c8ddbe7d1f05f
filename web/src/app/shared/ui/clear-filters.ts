/** Removes the filters of a list. Shown while one is set. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import { QueryState } from './query-state';

@Component({
  selector: 'afpi-clear-filters',
  imports: [Icon, TranslocoPipe],
  template: `
    @if (state().active()) {
      <button type="button" class="btn btn-quiet" (click)="state().clear()">
        <afpi-icon name="x" [size]="16" />{{ 'common.clearFilters' | transloco }}
      </button>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ClearFilters {
  readonly state = input.required<Pick<QueryState<string>, 'active' | 'clear'>>();
}
