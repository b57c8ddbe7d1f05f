/** The boxes that choose rows of a list: one per row, and one in the head for all rows shown. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Row, Selection } from './selection';

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a cell must stay a `td`
  selector: 'td[afpiPick]',
  imports: [TranslocoPipe],
  template: `
    <label
      ><input
        type="checkbox"
        [attr.aria-label]="'common.pick' | transloco: { name: name() }"
        [checked]="of().has(afpiPick().id)"
        (click)="of().toggle(afpiPick(), $event.shiftKey)"
    /></label>
  `,
  host: { class: 'pick' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PickRow<T extends Row> {
  readonly afpiPick = input.required<T>();
  readonly of = input.required<Pick<Selection<T>, 'has' | 'toggle'>>();
  /** The row's name for people. */
  readonly name = input.required<string>();
}

@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a header cell must stay a `th`
  selector: 'th[afpiPickShown]',
  imports: [TranslocoPipe],
  template: `
    <label
      ><input
        type="checkbox"
        [attr.aria-label]="'common.pickShown' | transloco"
        [checked]="afpiPickShown().shown() === 'all'"
        [indeterminate]="afpiPickShown().shown() === 'some'"
        (click)="afpiPickShown().toggleShown()"
    /></label>
  `,
  host: { class: 'pick', scope: 'col' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PickShown {
  readonly afpiPickShown = input.required<Pick<Selection<Row>, 'shown' | 'toggleShown'>>();
}
