/** Performance of a period: an overview that answers, and the views that explain it. */
import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, Type, computed, inject, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../shared/auth/session';
import { today } from '../../../shared/i18n/format';
import { Format } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { FigureStore, OVERVIEW } from '../data/figure-store';
import { PeriodKind, kindOf, periodAt, periodLabel, shifted } from '../util/period';
import { Overview } from './overview';

/** The views beside the overview. Their code is loaded when they are opened. */
const VIEWS: Record<string, () => Promise<Type<unknown>>> = {
  indicateur: () => import('./indicator').then((m) => m.Indicator),
  objectifs: () => import('./objectives').then((m) => m.Objectives),
};

@Component({
  imports: [Failed, Icon, Loading, NgComponentOutlet, Overview, Tab, Tabs, TranslocoPipe],
  templateUrl: './pilotage.html',
  styles: `
    .tabs {
      margin-top: -6px;
    }
    .view {
      display: flex;
      flex-direction: column;
      gap: 18px;
    }
  `,
  providers: [FigureStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Pilotage {
  readonly #store = inject(FigureStore);
  readonly #session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly view = this.#store.view;
  protected readonly period = this.#store.period;
  protected readonly dashboard = this.#store.dashboard;
  protected readonly kind = computed(() => kindOf(this.period()));
  protected readonly label = computed(() => periodLabel(this.period(), this.format.tag));
  protected readonly kinds: PeriodKind[] = ['month', 'quarter', 'year'];
  protected readonly tabs = computed(() => [
    OVERVIEW,
    'indicateur',
    ...(this.#session.can('objectifs:read') ? ['objectifs'] : []),
  ]);
  protected readonly tab = computed(() => this.tabs().find((tab) => tab === this.view.values().vue) ?? OVERVIEW);
  /** The component of a view beside the overview. */
  protected readonly opened = resource({ params: () => VIEWS[this.tab()], loader: ({ params }) => params() });
  protected readonly failed = computed(() =>
    this.dashboard.hasValue() ? this.dashboard.value().failed.map(({ name }) => this.format.text(name)) : [],
  );

  protected showKind(kind: PeriodKind): void {
    this.view.set({ periode: periodAt(kind, today()) });
  }
  protected step(by: -1 | 1): void {
    this.view.set({ periode: shifted(this.period(), by) });
  }
}
