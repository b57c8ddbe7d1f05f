/** One metric month by month: a chart, and the same figures as a table. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { MetricFigure } from '../../../api/models/metric-figure';
import { MonthScores } from '../../../api/models/month-scores';
import { Format } from '../../../shared/i18n/pipes';
import { drawn, onAxis, say } from '../util/figures';
import { firstDay, kindOf, periodAt, periodLabel } from '../util/period';
import { Point, highest } from '../util/plot';
import { TrendChart } from './trend-chart';

@Component({
  selector: 'afpi-trend',
  imports: [TranslocoPipe, TrendChart],
  template: `
    <div class="segmented" role="group" [attr.aria-label]="'pilotage.display' | transloco">
      <button type="button" [attr.aria-pressed]="!table()" (click)="table.set(false)">
        {{ 'pilotage.chart' | transloco }}
      </button>
      <button type="button" [attr.aria-pressed]="table()" (click)="table.set(true)">
        {{ 'pilotage.table' | transloco }}
      </button>
    </div>
    @if (table()) {
      <table class="table">
        <caption class="sr-only">
          {{
            format.text(metric().label)
          }}
        </caption>
        <thead>
          <tr>
            <th scope="col">{{ 'pilotage.month' | transloco }}</th>
            <th scope="col" class="right">{{ format.text(metric().label) }}</th>
          </tr>
        </thead>
        <tbody>
          @for (row of points(); track row.month) {
            <tr>
              <td>{{ format.month(row.month) }}</td>
              <td class="right num">{{ row.text }}</td>
            </tr>
          }
        </tbody>
      </table>
    } @else {
      <afpi-trend-chart
        [points]="points()"
        [shape]="shape()"
        [tick]="tick()"
        [whole]="metric().figure.kind === 'count'"
        [label]="format.text(metric().label)"
        [summary]="summary()"
      />
      @if (earlier()) {
        <ul class="legend row small muted" aria-hidden="true">
          <li><i class="swatch"></i>{{ periodName() }}</li>
          <li><i class="swatch earlier"></i>{{ 'pilotage.earlier' | transloco }}</li>
        </ul>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
      align-items: flex-start;
    }
    .legend {
      gap: 18px;
      justify-content: center;
      width: 100%;
    }
    .legend li {
      display: flex;
      gap: 7px;
      align-items: center;
    }
    .swatch {
      width: 12px;
      height: 12px;
      border-radius: 3px;
      background: var(--primary);
    }
    .swatch.earlier {
      background: color-mix(in srgb, var(--primary) 58%, var(--surface));
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Trend {
  readonly metric = input.required<MetricFigure>();
  readonly series = input.required<MonthScores[]>();
  /** The period shown. Its months stand out. */
  readonly period = input.required<string>();
  readonly #transloco = inject(TranslocoService);
  protected readonly format = inject(Format);
  protected readonly table = signal(false);

  protected readonly points = computed<Point[]>(() =>
    this.series().map(({ month, scores }) => {
      const figure = scores.find(({ metric }) => metric === this.metric().id)?.figure;
      return {
        month,
        short: this.format.month(month, 'alone'),
        name: periodLabel(month, this.format.tag),
        value: drawn(figure),
        text: say(figure, this.format),
        brief: say(figure, this.format, true),
        current: periodAt(kindOf(this.period()), firstDay(month)) === this.period(),
      };
    }),
  );
  /** Amounts and counts add up; rates and delays go up and down. */
  protected readonly shape = computed(() =>
    ['ratio', 'minutes'].includes(this.metric().figure.kind) ? 'line' : 'bars',
  );
  protected readonly tick = computed(() => {
    const { kind } = this.metric().figure;
    return (value: number) => onAxis(kind, value, this.format);
  });
  /** Are there months before the period? */
  protected readonly earlier = computed(() => this.points().some(({ current }) => !current));
  protected readonly periodName = computed(() => periodLabel(this.period(), this.format.tag));
  protected readonly summary = computed(() => {
    const best = highest(this.points());
    const last = this.points().findLast(({ value }) => value !== null);
    if (!best || !last) return this.#transloco.translate('pilotage.noValue');
    return this.#transloco.translate('pilotage.summary', {
      metric: this.format.text(this.metric().label),
      best: best.text,
      month: this.format.month(best.month),
      last: last.text,
      lastMonth: this.format.month(last.month),
    });
  });
}
