/** How a figure has changed: its direction, its size, and whether that is good. Nothing without anything to compare. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Figure } from '../../../api/models/figure';
import { MetricFigure } from '../../../api/models/metric-figure';
import { Format } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Comparison, compared, judged, sayCompared } from '../util/figures';

@Component({
  selector: 'afpi-change',
  imports: [Icon, TranslocoPipe],
  template: `
    @let change = comparison();
    @if (change === null) {
    } @else if (change.kind === 'new') {
      <span [class]="'small ' + tone()">{{ 'pilotage.new' | transloco }}</span>
    } @else {
      <span [class]="'num small ' + tone()"
        ><afpi-icon [name]="change.by < 0 ? 'arrow-down' : 'arrow-up'" [size]="12" /><span class="sr-only">{{
          change.by < 0 ? '−' : '+'
        }}</span
        >&ngsp;{{ say(change) }}</span
      >
    }
  `,
  styles: `
    :host {
      white-space: nowrap;
    }
    afpi-icon {
      vertical-align: -1px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Change {
  readonly now = input.required<Figure | undefined>();
  readonly before = input.required<Figure | null | undefined>();
  /** Whether a higher or a lower value is better. */
  readonly better = input<MetricFigure['better']>();
  readonly #format = inject(Format);

  protected readonly comparison = computed(() => {
    const now = this.now();
    return now ? compared(now, this.before()) : null;
  });
  protected readonly tone = computed(() => {
    const change = this.comparison();
    return change ? judged(change, this.better()) : '';
  });
  protected say(change: Exclude<Comparison, { kind: 'new' }>): string {
    return sayCompared(change, this.#format);
  }
}
