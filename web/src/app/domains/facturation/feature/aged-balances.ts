/** What each payer owes, by age. */
import { ChangeDetectionStrategy, Component, computed, inject, output, resource } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listAgedBalances } from '../../../api/fn/facturation/list-aged-balances';
import { AgedBalance } from '../../../api/models/aged-balance';
import { Site } from '../../../shared/auth/site';
import { MoneyPipe } from '../../../shared/i18n/pipes';
import { Empty, Failed, Loading } from '../../../shared/ui/states';

const AGES = ['notDue', 'to30', 'to60', 'to90', 'over90'] as const;

@Component({
  selector: 'afpi-aged-balances',
  imports: [Empty, Failed, Loading, MoneyPipe, TranslocoPipe],
  template: `
    @if (balances.error(); as error) {
      <afpi-failed [error]="error" (retry)="balances.reload()" />
    } @else if (!balances.hasValue()) {
      <section class="card"><afpi-loading [rows]="6" /></section>
    } @else if (balances.value().length) {
      <section class="card">
        <div class="table-wrap">
          <table class="table cards" [attr.aria-label]="'facturation.tab.balance' | transloco">
            <thead>
              <tr>
                <th scope="col">{{ 'facturation.payer' | transloco }}</th>
                @for (age of ages; track age) {
                  <th scope="col" class="right">{{ 'facturation.age.' + age | transloco }}</th>
                }
                <th scope="col" class="right">{{ 'facturation.owed' | transloco }}</th>
                <th scope="col" class="right">{{ 'facturation.credit' | transloco }}</th>
              </tr>
            </thead>
            <tbody>
              @for (row of balances.value(); track row.payer.key) {
                <tr>
                  <td class="main">
                    <button type="button" class="btn-link" (click)="chosen.emit(row.payer.key)">
                      {{ row.payer.name || '—' }}
                    </button>
                  </td>
                  @for (age of ages; track age) {
                    <td class="right num" [attr.data-label]="'facturation.age.' + age | transloco">
                      {{ row[age] ? (row[age] | money) : '—' }}
                    </td>
                  }
                  <td class="right num" [attr.data-label]="'facturation.owed' | transloco">
                    <b>{{ row.total | money }}</b>
                  </td>
                  <td class="right num" [attr.data-label]="'facturation.credit' | transloco">
                    {{ row.credit ? (row.credit | money) : '—' }}
                  </td>
                </tr>
              }
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">{{ 'facturation.sum' | transloco }}</th>
                @for (age of ages; track age) {
                  <td class="right num" [attr.data-label]="'facturation.age.' + age | transloco">
                    {{ sums()[age] | money }}
                  </td>
                }
                <td class="right num" [attr.data-label]="'facturation.owed' | transloco">
                  <b>{{ sums().total | money }}</b>
                </td>
                <td class="right num" [attr.data-label]="'facturation.credit' | transloco">
                  {{ sums().credit | money }}
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      </section>
    } @else {
      <section class="card">
        <afpi-empty icon="circle-check" [title]="'facturation.nothingOwed' | transloco" />
      </section>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    tfoot > tr > * {
      border-top: 2px solid var(--border);
      border-bottom: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AgedBalances {
  /** The key of a payer. */
  readonly chosen = output<string>();
  readonly #api = inject(Api);
  readonly #site = inject(Site);
  protected readonly ages = AGES;
  protected readonly balances = resource({
    params: () => this.#site.filter(),
    loader: async ({ params }) => (await this.#api.invoke(listAgedBalances, params)).data,
  });
  protected readonly sums = computed(() => {
    const rows = this.balances.hasValue() ? this.balances.value() : [];
    const sum = (of: (row: AgedBalance) => number): number => rows.reduce((all, row) => all + of(row), 0);
    return {
      notDue: sum((row) => row.notDue),
      to30: sum((row) => row.to30),
      to60: sum((row) => row.to60),
      to90: sum((row) => row.to90),
      over90: sum((row) => row.over90),
      total: sum((row) => row.total),
      credit: sum((row) => row.credit),
    };
  });
}
