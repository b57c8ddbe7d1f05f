/** One figure in detail: month by month, by site and by person. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Dashboard } from '../../../api/models/dashboard';
import { Figure } from '../../../api/models/figure';
import { Score } from '../../../api/models/score';
import { Site } from '../../../shared/auth/site';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { FigureStore } from '../data/figure-store';
import { Change } from '../ui/change';
import { Trend } from '../ui/trend';
import { againstYear, drawn, gaps, say } from '../util/figures';

@Component({
  selector: 'afpi-indicator',
  imports: [Avatar, Change, Icon, RouterLink, TranslocoPipe, Trend, TxtPipe],
  templateUrl: './indicator.html',
  styleUrl: './indicator.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Indicator {
  readonly dashboard = input.required<Dashboard>();
  readonly #store = inject(FigureStore);
  readonly #site = inject(Site);
  protected readonly format = inject(Format);

  protected readonly period = this.#store.period;
  protected readonly all = computed(() => this.dashboard().metrics.filter(({ key }) => !key));
  /** The metric in the address, otherwise the first. */
  protected readonly shown = computed(() => {
    const { indicateur } = this.#store.view.values();
    return this.all().find(({ id }) => id === indicateur) ?? this.all()[0];
  });
  protected readonly gaps = computed(() => gaps(this.shown()?.leftOut ?? [], this.format));
  protected readonly sites = computed(() => ranked(this.dashboard().bySite, this.shown()?.id ?? ''));
  protected readonly people = computed(() => ranked(this.dashboard().byUser, this.shown()?.id ?? ''));

  protected readonly yearBefore = computed(() => againstYear(this.dashboard().period, this.format));

  protected choose(metric: string): void {
    this.#store.view.set({ indicateur: metric });
  }
  /** Every figure of the page becomes that of this site. */
  protected narrow(site: string): void {
    this.#site.choose(site);
  }
  protected say(figure: Figure | undefined): string {
    return say(figure, this.format);
  }
}

/** A row with its figure of the metric, now and a year before. */
type Ranked<T> = T & { now: Figure | undefined; before: Figure | undefined; share: number };

/** Best first. Those without a value come last. */
function ranked<T extends { scores: Score[]; yearBefore: Score[] }>(rows: readonly T[], metric: string): Ranked<T>[] {
  const of = (scores: Score[]): Figure | undefined => scores.find((one) => one.metric === metric)?.figure;
  const valued = rows.map((row) => ({ ...row, now: of(row.scores), before: of(row.yearBefore) }));
  const value = ({ now }: { now: Figure | undefined }): number | null => drawn(now);
  const most = Math.max(0, ...valued.map((row) => value(row) ?? 0));
  return valued
    .sort((a, b) => (value(b) ?? -Infinity) - (value(a) ?? -Infinity))
    .map((row) => ({ ...row, share: most > 0 ? Math.max(0, ((value(row) ?? 0) / most) * 100) : 0 }));
}
