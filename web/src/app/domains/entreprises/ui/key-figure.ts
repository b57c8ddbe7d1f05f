/** One figure of a company: its name, and the figure, or that it loads, or that it is not known. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** What a figure is drawn from. */
interface Source {
  error(): unknown;
  hasValue(): boolean;
}

/** Stands on a `<div>` of a `<dl>`. */
@Component({
  selector: '[afpi-key-figure]',
  imports: [TranslocoPipe],
  template: `
    <dt>{{ label() }}</dt>
    @if (from().error()) {
      <dd class="muted">{{ 'company.unknown' | transloco }}</dd>
    } @else if (!from().hasValue()) {
      <dd class="skeleton"></dd>
    } @else {
      <dd><ng-content /></dd>
    }
  `,
  styles: `
    dt {
      color: var(--muted);
      font-size: 12.5px;
    }
    dd {
      display: grid;
      gap: 1px;
      min-height: 44px;
      align-content: start;
    }
    .skeleton {
      width: 70%;
      margin-top: 6px;
      min-height: 32px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyFigure {
  readonly label = input.required<string>();
  readonly from = input.required<Source>();
}
