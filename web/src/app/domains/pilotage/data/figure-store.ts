/** The period and the view in the address, and the figures of the period. */
import { Injectable, computed, inject, resource } from '@angular/core';
import { Api } from '../../../api/api';
import { getDashboard } from '../../../api/fn/dashboard/get-dashboard';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { queryState } from '../../../shared/ui/query-state';
import { periodAt } from '../util/period';

export const OVERVIEW = 'ensemble';
/** The value in the address of a comparison with the year before. */
export const YEAR = 'an';

@Injectable()
export class FigureStore {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  readonly view = queryState({ periode: periodAt('quarter', today()), vue: OVERVIEW, indicateur: '', contre: '' });
  /** Are figures compared with those of a year before? Otherwise with the period before. */
  readonly yearly = computed(() => this.view.values().contre === YEAR);
  readonly period = computed(() => this.view.values().periode);
  readonly dashboard = resource({
    params: () => ({ period: this.period(), ...this.#site.filter() }),
    loader: ({ params }) => this.#api.invoke(getDashboard, params),
  });
}
