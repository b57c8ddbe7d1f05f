/** My targets of the present period, or those of my sites, with the pace that they are going at. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listMetrics } from '../../../api/fn/objectifs/list-metrics';
import { listObjectifs } from '../../../api/fn/objectifs/list-objectifs';
import { Objectif } from '../../../api/models/objectif';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { Failed, Loading } from '../../../shared/ui/states';
import { Targets } from '../../pilotage/public/targets';

/** The most that one request gives. */
const READ = 200;

@Component({
  selector: 'afpi-my-targets',
  imports: [Failed, Loading, RouterLink, Targets, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="targets-title">
      <header class="card-head">
        <h2 id="targets-title">{{ 'home.targets' | transloco }}</h2>
        <a class="small" routerLink="/pilotage">{{ 'nav.pilotage' | transloco }}</a>
      </header>
      @if (targets.error(); as error) {
        <div class="card-body"><afpi-failed [error]="error" (retry)="targets.reload()" /></div>
      } @else if (!targets.hasValue()) {
        <afpi-loading [rows]="4" />
      } @else {
        <afpi-targets [objectifs]="targets.value().now" [metrics]="targets.value().metrics" [most]="3" />
      }
    </section>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MyTargets {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly #session = inject(Session);
  protected readonly targets = resource({
    params: () => ({ ...this.#site.filter(), userId: this.#session.me()?.id ?? '' }),
    loader: async ({ params: { userId, ...site } }) => {
      const [own, { data: metrics }] = await Promise.all([this.#now({ userId }), this.#api.invoke(listMetrics)]);
      return { now: own.length ? own : await this.#now(site), metrics };
    },
  });

  /** Those whose period is now. */
  async #now(of: { userId?: string; localisationId?: string }): Promise<Objectif[]> {
    const day = today();
    const { data } = await this.#api.invoke(listObjectifs, { ...of, period: day.slice(0, 4), limit: READ });
    return data.filter(({ period }) => period.first <= day && day <= period.last);
  }
}
