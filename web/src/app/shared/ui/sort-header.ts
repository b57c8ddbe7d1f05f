/** A column header that sorts: none, ascending, descending. Screen readers get it through `aria-sort`. */
import { ChangeDetectionStrategy, Component, computed, input, model } from '@angular/core';
import { Icon } from './icon';

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a header cell must stay a `th`
  selector: 'th[afpiSort]',
  imports: [Icon],
  template: `
    <button type="button" class="sort" (click)="turn()">
      <ng-content />
      <afpi-icon
        [name]="state() === 'ascending' ? 'arrow-up' : state() === 'descending' ? 'arrow-down' : 'sort'"
        [size]="13"
      />
    </button>
  `,
  host: { scope: 'col', '[attr.aria-sort]': 'state()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SortHeader {
  /** The field's name in the API. */
  readonly afpiSort = input.required<string>();
  /** The list's sort, `field` or `-field`. */
  readonly sort = model.required<string>();
  protected readonly state = computed(() =>
    this.sort() === this.afpiSort() ? 'ascending' : this.sort() === `-${this.afpiSort()}` ? 'descending' : 'none',
  );

  protected turn(): void {
    this.sort.set(this.state() === 'ascending' ? `-${this.afpiSort()}` : this.afpiSort());
  }
}
