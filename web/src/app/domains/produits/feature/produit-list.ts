/** The catalogue: the training products of the network and of the user's legal entities. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { ListProduits$Params, listProduits } from '../../../api/fn/produits/list-produits';
import { Produit } from '../../../api/models/produit';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { formatMinutes } from '../../../shared/i18n/format';
import { Format, MoneyPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ListBar } from '../../vues/public/list-bar';
import { ProduitDialog } from './produit-dialog';

@Component({
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    SortHeader,
    ListBar,
    ListHead,
    Can,
    Empty,
    Icon,
    RouterLink,
    MoneyPipe,
    PagedTable,
    TranslocoPipe,
  ],
  template: `
    <div class="page">
      <afpi-list-head name="nav.produits" [list]="list">
        <afpi-column-choice [columns]="columns" />
        <ng-container *afpiCan="'produits:write'">
          <a class="btn" routerLink="/imports" [queryParams]="{ type: 'produits' }" *afpiCan="'entreprises:import'"
            ><afpi-icon name="file" [size]="16" />{{ 'common.import' | transloco }}</a
          >
        </ng-container>
        <button type="button" class="btn btn-primary" *afpiCan="'produits:write'" (click)="open(null)">
          <afpi-icon name="plus" [size]="17" />{{ 'produits.create' | transloco }}
        </button>
      </afpi-list-head>
      <afpi-list-bar
        [inputs]="{ list: 'produits', state: filters, columns: columns, search: 'produits.search', filters: choices() }"
      />
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'nav.produits' | transloco">
          <thead>
            <tr [afpiHeads]="columns" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
              <th afpiSort="title" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
                {{ 'produits.title' | transloco }}
              </th>
              <th end scope="col">
                <span class="sr-only">{{ 'common.actions' | transloco }}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            @for (item of list.items(); track item.id) {
              <tr>
                <td class="main">
                  <span class="name">{{ item.title }}</span>
                  <span class="row-nowrap small muted"
                    >{{ item.code }}
                    @if (!item.active) {
                      <span class="chip tone-warn">{{ 'produits.archived' | transloco }}</span>
                    }
                  </span>
                </td>
                @for (column of columns.shown(); track column.id) {
                  @switch (column.id) {
                    @case ('category') {
                      <td [attr.data-label]="column.label">{{ item.category ?? '—' }}</td>
                    }
                    @case ('durationMinutes') {
                      <td class="right num" [attr.data-label]="column.label">{{ duration(item) }}</td>
                    }
                    @case ('price') {
                      <td class="right num" [attr.data-label]="column.label">
                        @if (item.price !== null && item.price !== undefined) {
                          {{ item.price | money }}
                          <span class="small muted">{{ 'produits.unit.' + item.priceUnit | transloco }}</span>
                        } @else {
                          —
                        }
                      </td>
                    }
                    @case ('vatRate') {
                      <td [attr.data-label]="column.label">
                        {{ item.vatRate ? percent(item.vatRate) : ('produits.exempt' | transloco) }}
                      </td>
                    }
                    @case ('legalEntityId') {
                      <td [attr.data-label]="column.label">
                        {{ item.legalEntity?.name ?? ('produits.network' | transloco) }}
                      </td>
                    }
                    @default {
                      @if (column.field; as field) {
                        <td [afpiCell]="field" [item]="item"></td>
                      }
                    }
                  }
                }
                <td class="right">
                  @if (mayEdit(item)) {
                    <button
                      type="button"
                      class="btn btn-quiet btn-icon btn-s"
                      *afpiCan="'produits:write'"
                      [attr.aria-label]="'produits.editOne' | transloco: { name: item.title }"
                      (click)="open(item)"
                    >
                      <afpi-icon name="pencil" [size]="16" />
                    </button>
                  }
                </td>
              </tr>
            }
          </tbody>
        </table>
        <afpi-empty icon="tasks" [title]="'produits.none' | transloco" [text]="'produits.noneText' | transloco" />
      </afpi-paged-table>
    </div>
  `,
  styles: `
    .name {
      display: block;
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProduitList {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #format = inject(Format);
  readonly #me = inject(Session).me;
  readonly #site = inject(Site);
  protected readonly columns = listColumns(
    'produit',
    ['title', 'code', 'active', 'priceUnit'],
    [
      { id: 'category', label: 'produits.category', first: true },
      { id: 'durationMinutes', label: 'produits.duration', first: true, right: true },
      { id: 'price', label: 'produits.price', first: true, right: true },
      { id: 'vatRate', label: 'produits.vat', first: true },
      { id: 'legalEntityId', label: 'produits.entity', first: true },
    ],
  );
  protected readonly filters = queryState({ q: '', archives: '', tri: 'title' });
  protected readonly choices = signal<Filter[]>([{ name: 'archives', label: 'produits.withArchived', on: '1' }]);
  protected readonly list = new PagedList(
    computed(() => {
      const { q, archives, tri } = this.filters.values();
      return {
        ...this.#site.filter(),
        limit: 50,
        sort: tri as ListProduits$Params['sort'],
        ...(q ? { q } : {}),
        ...(archives ? {} : { active: true }),
      };
    }),
    (params) => this.#api.invoke(listProduits, params),
  );

  constructor() {
    inject(Undo).afterwards(() => this.list.reload());
  }

  protected duration({ durationMinutes }: Produit): string {
    return typeof durationMinutes === 'number' ? formatMinutes(durationMinutes) : '—';
  }
  protected percent(hundredths: number): string {
    return `${this.#format.count(hundredths / 100, 2)} %`;
  }
  /** Who is tied to sites edits the products of their legal entities, and not those of the network. */
  protected mayEdit({ legalEntityId }: Produit): boolean {
    return !!legalEntityId || this.#me()?.reach === 'network';
  }

  /** A cancelled dialog may also have shown that somebody else changed the product. */
  protected async open(record: Produit | null): Promise<void> {
    const ref = this.#dialog.open<Produit | null>(ProduitDialog, {
      data: record,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'produit-title',
    });
    const saved = await firstValueFrom(ref.closed);
    if (saved || record) await this.list.reload();
  }
}
