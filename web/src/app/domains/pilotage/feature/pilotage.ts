/** Performance: figures of a period, their trend over the year, the relay as a funnel, sites and people, targets. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getDashboard } from '../../../api/fn/dashboard/get-dashboard';
import { MetricFigure } from '../../../api/models/metric-figure';
import { Score } from '../../../api/models/score';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { CountPipe, Format, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { SectionNames } from '../../opportunites/public/section-names';
import { Comparison, Gap, bySection, compared, drawn, gaps, judged, say, sayCompared } from '../util/figures';
import { PeriodKind, kindOf, periodAt, periodLabel, shifted } from '../util/period';
import { Objectives } from './objectives';
import { Trend } from '../ui/trend';

@Component({
  imports: [Avatar, Can, CountPipe, Empty, Failed, Icon, Loading, MoneyPipe, Objectives, TranslocoPipe, Trend, TxtPipe],
  templateUrl: './pilotage.html',
  styleUrl: './pilotage.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Pilotage {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #sections = inject(SectionNames);
  protected readonly format = inject(Format);
  protected readonly view = queryState({ periode: periodAt('quarter', today()) });
  protected readonly period = computed(() => this.view.values().periode);
  protected readonly kind = computed(() => kindOf(this.period()));
  protected readonly label = computed(() => periodLabel(this.period(), this.format.tag));
  /** The period that the figures are compared with. */
  protected readonly before = computed(() => periodLabel(shifted(this.period(), -1), this.format.tag));
  protected readonly kinds: PeriodKind[] = ['month', 'quarter', 'year'];
  protected readonly dashboard = resource({
    params: () => ({ period: this.period(), ...this.#site.filter() }),
    loader: ({ params }) => this.#api.invoke(getDashboard, params),
  });

  /** Totals become tiles. Figures with a key (delays per section) become a table with a row per section. */
  protected readonly tiles = computed(() => this.#metrics().filter(({ key }) => !key));
  protected readonly keyed = computed(() => bySection(this.#metrics(), (id) => this.#sections.rank(id)));
  readonly #chosen = signal('');
  protected readonly metric = computed(() => this.tiles().find(({ id }) => id === this.#chosen()) ?? this.tiles()[0]);
  protected readonly failed = computed(() =>
    this.dashboard.hasValue() ? this.dashboard.value().failed.map(({ name }) => this.format.text(name)) : [],
  );
  protected readonly mostInFunnel = computed(() =>
    Math.max(1, ...(this.dashboard.hasValue() ? this.dashboard.value().funnel.map(({ count }) => count) : [])),
  );

  protected choose(id: string): void {
    this.#chosen.set(id);
  }
  protected showKind(kind: PeriodKind): void {
    this.view.set({ periode: periodAt(kind, today()) });
  }
  protected step(by: -1 | 1): void {
    this.view.set({ periode: shifted(this.period(), by) });
  }
  protected compared(metric: MetricFigure): Comparison | null {
    return compared(metric.figure, metric.previous);
  }
  protected sayCompared(comparison: Exclude<Comparison, { kind: 'new' }>): string {
    return sayCompared(comparison, this.format);
  }
  protected judged(comparison: Comparison, { better }: MetricFigure): string {
    return judged(comparison, better);
  }
  protected say(metric: MetricFigure): string {
    return say(metric.figure, this.format);
  }
  protected score(scores: Score[], metric: string): string {
    return say(scores.find((one) => one.metric === metric)?.figure, this.format);
  }
  protected leftOut(metric: MetricFigure): Gap[] {
    return gaps(metric.leftOut, this.format);
  }
  protected section(id: string): string {
    return this.format.text(this.#sections.label(id));
  }
  protected tone(id: string): string {
    return `tone-${this.#sections.rank(id) % 6}`;
  }

  /** Best first. Those without a value come last. */
  protected ranked<T extends { scores: Score[] }>(rows: T[], metric: string): (T & { share: number })[] {
    const valued = rows.map((row) => ({
      ...row,
      value: drawn(row.scores.find((one) => one.metric === metric)?.figure),
    }));
    const most = Math.max(0, ...valued.map(({ value }) => value ?? 0));
    return valued
      .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))
      .map((row) => ({ ...row, share: most > 0 ? Math.max(0, ((row.value ?? 0) / most) * 100) : 0 }));
  }

  #metrics(): MetricFigure[] {
    return this.dashboard.hasValue() ? this.dashboard.value().metrics : [];
  }
}
