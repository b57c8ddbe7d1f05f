/** One figure in detail: month by month, by site and by person. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Dashboard } from '../../../api/models/dashboard';
import { Score } from '../../../api/models/score';
import { Site } from '../../../shared/auth/site';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { FigureStore } from '../data/figure-store';
import { Trend } from '../ui/trend';
import { drawn, gaps, say } from '../util/figures';

@Component({
  imports: [Avatar, Icon, RouterLink, TranslocoPipe, Trend, TxtPipe],
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

  protected choose(metric: string): void {
    this.#store.view.set({ indicateur: metric });
  }
  /** Every figure of the page becomes that of this site. */
  protected narrow(site: string): void {
    this.#site.choose(site);
  }
  protected score(scores: Score[]): string {
    return say(scores.find(({ metric }) => metric === this.shown()?.id)?.figure, this.format);
  }
}

/** Best first. Those without a value come last. */
function ranked<T extends { scores: Score[] }>(rows: readonly T[], metric: string): (T & { share: number })[] {
  const valued = rows.map((row) => ({
    ...row,
    value: drawn(row.scores.find((one) => one.metric === metric)?.figure),
  }));
  const most = Math.max(0, ...valued.map(({ value }) => value ?? 0));
  return valued
    .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))
    .map((row) => ({ ...row, share: most > 0 ? Math.max(0, ((row.value ?? 0) / most) * 100) : 0 }));
}
