/** One metric month by month: a chart, and the same figures as a table. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { MetricFigure } from '../../../api/models/metric-figure';
import { MonthScores } from '../../../api/models/month-scores';
import { Format } from '../../../shared/i18n/pipes';
import { Chart } from '../../../shared/ui/chart';
import { drawn, say } from '../util/figures';

@Component({
  selector: 'afpi-trend',
  imports: [Chart, TranslocoPipe],
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
          @for (row of rows(); track row.month) {
            <tr>
              <td>{{ format.month(row.month) }}</td>
              <td class="right num">{{ row.text }}</td>
            </tr>
          }
        </tbody>
      </table>
    } @else {
      <afpi-chart [options]="options()" [summary]="summary()" />
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 12px;
      align-items: flex-start;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Trend {
  readonly metric = input.required<MetricFigure>();
  readonly series = input.required<MonthScores[]>();
  readonly #transloco = inject(TranslocoService);
  protected readonly format = inject(Format);
  protected readonly table = signal(false);

  protected readonly rows = computed(() =>
    this.series().map(({ month, scores }) => {
      const figure = scores.find(({ metric }) => metric === this.metric().id)?.figure;
      return { month, value: drawn(figure), text: say(figure, this.format) };
    }),
  );
  protected readonly options = computed(() => {
    const money = this.metric().figure.kind === 'money';
    const texts = new Map(this.rows().map(({ month, text }) => [this.format.month(month), text]));
    return {
      grid: { left: 8, right: 8, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: this.rows().map(({ month }) => this.format.month(month)),
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        axisLabel: {
          formatter: (value: number) => (money ? this.format.moneyShort(value * 100) : this.format.count(value, 1)),
        },
      },
      tooltip: {
        formatter: (points: { name: string }[]) =>
          `${points[0]?.name ?? ''} : ${texts.get(points[0]?.name ?? '') ?? ''}`,
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 34,
          itemStyle: { borderRadius: [4, 4, 0, 0] },
          data: this.rows().map(({ value }) => value),
        },
      ],
    };
  });
  protected readonly summary = computed(() => {
    const known = this.rows().filter(({ value }) => value !== null);
    const best = [...known].sort((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
    const last = known.at(-1);
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
