/** The invoices and credit notes of a company. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { listCreances } from '../../../../api/fn/facturation/list-creances';
import { Entreprise } from '../../../../api/models/entreprise';
import { PagedList } from '../../../../shared/http/paged-list';
import { DayPipe, Format, MoneyPipe } from '../../../../shared/i18n/pipes';
import { PanelContent, PanelFrame } from '../../../../shared/panels/panels';
import { Empty, Failed, Loading } from '../../../../shared/ui/states';

@Component({
  imports: [DayPipe, Empty, Failed, Loading, MoneyPipe, RouterLink, TranslocoPipe],
  template: `
    @if (list.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="list.reload()" /></div>
    } @else if (list.busy() === 'first') {
      <afpi-loading [rows]="4" />
    } @else if (list.isEmpty()) {
      <afpi-empty
        icon="receipt"
        [title]="'company.noInvoice' | transloco"
        [text]="'company.noInvoiceText' | transloco"
      />
    } @else {
      <div class="table-wrap">
        <table class="table cards" [attr.aria-label]="'company.invoices' | transloco">
          <thead>
            <tr>
              <th scope="col">{{ 'company.number' | transloco }}</th>
              <th scope="col">{{ 'company.issuedOn' | transloco }}</th>
              <th scope="col">{{ 'company.dueDay' | transloco }}</th>
              <th scope="col" class="right">{{ 'company.total' | transloco }}</th>
              <th scope="col" class="right">{{ 'company.left' | transloco }}</th>
            </tr>
          </thead>
          <tbody>
            @for (one of list.items(); track one.id) {
              <tr>
                <td class="main">
                  <a [routerLink]="['/opportunites', one.opportunite.id]">{{
                    one.number ?? ('company.draft' | transloco)
                  }}</a>
                  <span class="muted small block">{{ one.opportunite.title }}</span>
                </td>
                <td class="num" [attr.data-label]="'company.issuedOn' | transloco">{{ one.issuedOn | day }}</td>
                <td class="num" [class.bad]="(one.daysLate ?? 0) > 0" [attr.data-label]="'company.dueDay' | transloco">
                  {{ one.dueOn | day }}
                </td>
                <td class="right num" [attr.data-label]="'company.total' | transloco">{{ one.total | money }}</td>
                <td class="right num strong" [attr.data-label]="'company.left' | transloco">
                  {{ one.balance | money }}
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
      <footer class="card-foot row">
        @if (list.hasMore()) {
          <button type="button" class="btn btn-s" (click)="list.more()">{{ 'common.more' | transloco }}</button>
        }
        <a class="small" routerLink="/facturation" [queryParams]="{ q: subject().name }">{{
          'company.allInvoices' | transloco
        }}</a>
      </footer>
    }
  `,
  styles: `
    .block {
      display: block;
    }
    .table tr > :first-child {
      padding-left: 18px;
    }
    .table tr > :last-child {
      padding-right: 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Invoices implements PanelContent<Entreprise> {
  readonly subject = input.required<Entreprise>();
  readonly #api = inject(Api);
  readonly #id = computed(() => this.subject().id);
  protected readonly list = new PagedList(
    computed(() => ({ entrepriseId: this.#id(), limit: 20 })),
    (params) => this.#api.invoke(listCreances, params),
  );

  constructor() {
    const [frame, format] = [inject(PanelFrame), inject(Format)];
    effect(() => {
      frame.badge.set(this.list.busy() === 'first' ? null : format.count(this.list.total()));
    });
  }
}
