/** What payers owe, for those who collect it. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getCreanceTotals } from '../../../api/fn/facturation/get-creance-totals';
import { Site } from '../../../shared/auth/site';
import { MoneyPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';

@Component({
  selector: 'afpi-receivables',
  imports: [Failed, Loading, MoneyPipe, RouterLink, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="receivables-title">
      <header class="card-head">
        <h2 id="receivables-title">{{ 'home.receivables' | transloco }}</h2>
        <a class="small" routerLink="/facturation">{{ 'nav.facturation' | transloco }}</a>
      </header>
      @if (totals.error(); as error) {
        <div class="card-body"><afpi-failed [error]="error" (retry)="totals.reload()" /></div>
      } @else if (!totals.hasValue()) {
        <afpi-loading [rows]="2" />
      } @else {
        @let sums = totals.value();
        <div class="pair">
          <a routerLink="/facturation" [queryParams]="{ etat: 'open' }"
            ><span class="muted small">{{ 'home.owed' | transloco }}</span
            ><b class="num">{{ sums.balance | money: 'round' }}</b></a
          >
          <a routerLink="/facturation" [queryParams]="{ retard: '1' }"
            ><span class="muted small">{{ 'home.overdue' | transloco }}</span
            ><b class="num" [class.bad]="sums.overdue > 0">{{ sums.overdue | money: 'round' }}</b></a
          >
        </div>
      }
    </section>
  `,
  styles: `
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
      padding: 4px 8px;
    }
    .pair a {
      display: grid;
      gap: 2px;
      margin: 4px 0;
      padding: 8px 10px;
      border-radius: var(--radius);
      color: inherit;
    }
    .pair a:hover {
      background: var(--surface-2);
      text-decoration: none;
    }
    b {
      font-size: 18px;
      font-weight: 660;
      letter-spacing: -0.015em;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Receivables {
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  protected readonly totals = resource({
    params: () => this.#site.filter(),
    loader: ({ params }) => this.#api.invoke(getCreanceTotals, params),
  });
}
