/** The head of a list's page: title, count and actions. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Pages } from '../http/paged-list';
import { CountPipe } from '../i18n/pipes';

/** Projects the buttons. */
@Component({
  selector: 'afpi-list-head',
  imports: [CountPipe, TranslocoPipe],
  template: `
    @let pages = list();
    <header class="page-head">
      <div class="row">
        <h1>{{ name() | transloco }}</h1>
        @if (pages.busy() !== 'first' && !pages.error()) {
          @if (pages.exact()) {
            <span class="badge" [attr.aria-label]="'common.results' | transloco: { n: pages.total() }">{{
              pages.total() | count
            }}</span>
          } @else {
            <button
              type="button"
              class="badge"
              [title]="'common.countAll' | transloco"
              [attr.aria-label]="
                ('common.moreThan' | transloco: { n: (pages.total() | count) }) + ', ' + ('common.countAll' | transloco)
              "
              (click)="pages.count()"
            >
              {{ 'common.moreThan' | transloco: { n: (pages.total() | count) } }}
            </button>
          }
        }
      </div>
      <div class="actions"><ng-content /></div>
    </header>
  `,
  styles: `
    :host {
      display: contents;
    }
    button.badge {
      border: 0;
      font: inherit;
      cursor: pointer;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ListHead {
  /** Text key. */
  readonly name = input.required<string>();
  readonly list = input.required<Pages>();
}
