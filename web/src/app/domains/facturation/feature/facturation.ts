/** What payers owe, over all opportunités: pieces, aged balance, reminders, files for the accountant, the yearly report. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../shared/auth/session';
import { queryState } from '../../../shared/ui/query-state';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { AgedBalances } from './aged-balances';
import { BilanPedagogique } from './bilan-pedagogique';
import { Comptabilite } from './comptabilite';
import { Pieces } from './pieces';
import { Relances } from './relances';

@Component({
  imports: [AgedBalances, BilanPedagogique, Comptabilite, Pieces, Relances, Tab, Tabs, TranslocoPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <h1>{{ 'nav.facturation' | transloco }}</h1>
      </header>
      <div
        class="tabs"
        [afpiTabs]="tab()"
        panel="facturation-panel"
        (choose)="view.set({ vue: $event })"
        [attr.aria-label]="'nav.facturation' | transloco"
      >
        @for (name of tabs(); track name) {
          <button type="button" [afpiTab]="name">{{ 'facturation.tab.' + name | transloco }}</button>
        }
      </div>
      <div id="facturation-panel" role="tabpanel" class="stack" [attr.aria-labelledby]="'tab-' + tab()">
        @switch (tab()) {
          @case ('balance') {
            <afpi-aged-balances (chosen)="view.set({ vue: 'pieces', payeur: $event, etat: '' })" />
          }
          @case ('relances') {
            <afpi-relances />
          }
          @case ('comptabilite') {
            <afpi-comptabilite />
          }
          @case ('bpf') {
            <afpi-bilan-pedagogique />
          }
          @default {
            <afpi-pieces />
          }
        }
      </div>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Facturation {
  readonly #session = inject(Session);
  protected readonly view = queryState({ vue: 'pieces', payeur: '', etat: '' });
  protected readonly tabs = computed(() => [
    'pieces',
    'balance',
    'relances',
    ...(this.#session.can('compta:export') ? ['comptabilite', 'bpf'] : []),
  ]);
  protected readonly tab = computed(() => {
    const { vue } = this.view.values();
    return this.tabs().includes(vue) ? vue : 'pieces';
  });
}
