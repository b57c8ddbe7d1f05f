/** Performance of a period: an overview that answers, and the views that explain it. */
import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, Type, computed, inject, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { exportDashboard$Csv as exportDashboard } from '../../../api/fn/dashboard/export-dashboard-csv';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { today } from '../../../shared/i18n/format';
import { Format } from '../../../shared/i18n/pipes';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { FigureStore, OVERVIEW } from '../data/figure-store';
import { PeriodKind, kindOf, periodAt, periodLabel, shifted } from '../util/period';
import { Overview } from './overview';

/** The views beside the overview. Their code is loaded when they are opened. */
const VIEWS: Record<string, () => Promise<Type<unknown>>> = {
  indicateur: () => import('./indicator').then((m) => m.Indicator),
  analyse: () => import('./analysis').then((m) => m.Analysis),
  objectifs: () => import('./objectives').then((m) => m.Objectives),
  rapport: () => import('./report').then((m) => m.Report),
};

@Component({
  imports: [Can, ExportButton, Failed, Icon, Loading, NgComponentOutlet, Overview, Tab, Tabs, TranslocoPipe],
  templateUrl: './pilotage.html',
  styles: `
    .tabs {
      margin-top: -6px;
    }
    .actions .segmented {
      flex-wrap: wrap;
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
  readonly #site = inject(Site);
  readonly #transloco = inject(TranslocoService);
  protected readonly format = inject(Format);
  protected readonly view = this.#store.view;
  protected readonly period = this.#store.period;
  protected readonly dashboard = this.#store.dashboard;
  protected readonly kind = computed(() => kindOf(this.period()));
  protected readonly label = computed(() => periodLabel(this.period(), this.format.tag));
  protected readonly kinds: PeriodKind[] = ['month', 'quarter', 'semester', 'year', 'school'];
  protected readonly tabs = computed(() => [
    OVERVIEW,
    'indicateur',
    'analyse',
    ...(this.#session.can('objectifs:read') ? ['objectifs'] : []),
    'rapport',
  ]);
  protected readonly tab = computed(() => this.tabs().find((tab) => tab === this.view.values().vue) ?? OVERVIEW);
  /** The component of a view beside the overview. */
  protected readonly opened = resource({ params: () => VIEWS[this.tab()], loader: ({ params }) => params() });
  protected readonly failed = computed(() =>
    this.dashboard.hasValue() ? this.dashboard.value().failed.map(({ name }) => this.format.text(name)) : [],
  );

  protected readonly file = exportDashboard.PATH;
  protected readonly asked = computed(() => ({ period: this.period(), ...this.#site.filter() }));
  /** On paper: whose figures these are, and of which day. */
  protected readonly printed = computed(() => {
    const sites = this.dashboard.hasValue() ? this.dashboard.value().scope.localisations : [];
    const names = sites.map(({ name }) => name);
    return this.#transloco.translate('pilotage.printed', {
      sites: this.format.list(names),
      day: this.format.day(today()),
    });
  });

  protected print(): void {
    window.print();
  }
  protected showKind(kind: PeriodKind): void {
    this.view.set({ periode: periodAt(kind, today()) });
  }
  protected step(by: -1 | 1): void {
    this.view.set({ periode: shifted(this.period(), by) });
  }
}
