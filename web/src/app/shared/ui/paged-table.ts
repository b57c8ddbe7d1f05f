/** The frame of a list read page by page: loading, error, empty, or the projected table with "show more" under it. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Rows } from '../columns/density';
import { Pages } from '../http/paged-list';
import { Failed, Loading } from './states';

/** Projects the `<table>`, and an `<afpi-empty>` for when there is nothing, and `foot` beside the count. */
@Component({
  selector: 'afpi-paged-table',
  imports: [Failed, Loading, TranslocoPipe],
  template: `
    @let pages = list();
    @if (pages.error(); as error) {
      <afpi-failed [error]="error" (retry)="pages.reload()" />
    } @else {
      <section class="card" [attr.aria-busy]="pages.busy() === 'again'">
        @if (pages.busy() === 'first') {
          <afpi-loading [rows]="8" />
        } @else if (pages.isEmpty()) {
          <ng-content select="afpi-empty" />
        } @else {
          <div class="table-wrap"><ng-content /></div>
          <footer class="table-foot">
            <span role="status">{{
              (pages.exact() ? 'common.shownOf' : 'common.shownOfMore')
                | transloco: { n: pages.items().length, total: pages.total() }
            }}</span>
            <ng-content select="[foot]" />
            @if (pages.hasMore()) {
              <button type="button" class="btn btn-s" [disabled]="pages.busy() === 'more'" (click)="pages.more()">
                {{ (pages.busy() === 'more' ? 'common.loading' : 'common.more') | transloco }}
              </button>
            }
          </footer>
        }
      </section>
    }
  `,
  styles: `
    :host {
      display: block;
    }
  `,
  host: { '[class.compact]': "rows.density() === 'compact'" },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PagedTable {
  readonly list = input.required<Pages>();
  protected readonly rows = inject(Rows);
}
