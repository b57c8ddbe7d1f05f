/** The answer at a glance: targets with their pace, the relay with its delays, and every figure with its trend. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Dashboard } from '../../../api/models/dashboard';
import { FunnelStep } from '../../../api/models/funnel-step';
import { MetricFigure } from '../../../api/models/metric-figure';
import { Session } from '../../../shared/auth/session';
import { CountPipe, Format, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Empty } from '../../../shared/ui/states';
import { SectionNames } from '../../opportunites/public/section-names';
import { Targets } from '../public/targets';
import { FigureStore } from '../data/figure-store';
import { Change } from '../ui/change';
import { againstYear, bySection, drawn, say } from '../util/figures';
import { periodLabel, shifted } from '../util/period';
import { spark } from '../util/spark';

@Component({
  selector: 'afpi-overview',
  imports: [Change, CountPipe, Empty, MoneyPipe, RouterLink, Targets, TranslocoPipe, TxtPipe],
  templateUrl: './overview.html',
  styleUrl: './overview.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Overview {
  readonly dashboard = input.required<Dashboard>();
  readonly period = input.required<string>();
  readonly #sections = inject(SectionNames);
  readonly #session = inject(Session);
  readonly #store = inject(FigureStore);
  protected readonly format = inject(Format);

  protected readonly targeted = computed(() => this.#session.can('objectifs:read'));
  /** The period that figures are compared with. */
  protected readonly before = computed(() =>
    this.yearly()
      ? againstYear(this.dashboard().period, this.format)
      : periodLabel(shifted(this.period(), -1), this.format.tag),
  );
  protected readonly yearly = this.#store.yearly;

  /** Figures with a key, such as delays, stand in the rows of their sections. */
  protected readonly keyed = computed(() =>
    bySection(this.dashboard().metrics, (section) => this.#sections.rank(section)),
  );
  protected readonly steps = computed(() => {
    const { funnel } = this.dashboard();
    const most = Math.max(1, ...funnel.map(({ count }) => count));
    const sections = [
      ...new Set([...funnel.map(({ section }) => section), ...this.keyed().rows.map(({ key }) => key)]),
    ];
    return sections
      .sort((a, b) => this.#sections.rank(a) - this.#sections.rank(b))
      .map((section) => {
        const step: FunnelStep = funnel.find((one) => one.section === section) ?? {
          ...{ section, count: 0, amount: 0, late: 0 },
        };
        const figures = this.keyed().rows.find(({ key }) => key === section)?.figures ?? [];
        return {
          ...step,
          label: this.#sections.label(section),
          inTime: ((step.count - step.late) / most) * 100,
          overdue: (step.late / most) * 100,
          figures: this.keyed().columns.map(({ id }, at) => ({ id, figure: figures[at] })),
        };
      });
  });

  protected readonly figures = computed(() => {
    const { metrics, series } = this.dashboard();
    return metrics
      .filter(({ key }) => !key)
      .map((metric) => ({
        metric,
        before: this.yearly() ? metric.yearBefore : metric.previous,
        line: spark(
          series.map(({ scores }) => drawn(scores.find((one) => one.metric === metric.id)?.figure)),
          100,
          24,
        ),
      }));
  });

  protected say(metric: MetricFigure | undefined): string {
    return say(metric?.figure, this.format);
  }
  protected against(contre: string): void {
    this.#store.view.set({ contre });
  }
}
