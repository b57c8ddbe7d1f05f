/** The rooms of the user's sites. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { ListSalles$Params, listSalles } from '../../../api/fn/salles/list-salles';
import { Salle } from '../../../api/models/salle';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { Undo } from '../../../shared/forms/undo';
import { PagedList } from '../../../shared/http/paged-list';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ListBar } from '../../vues/public/list-bar';
import { Why } from '../../roles/public/why';
import { SalleDialog } from './salle-dialog';

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
    PagedTable,
    TranslocoPipe,
    Why,
  ],
  template: `
    <div class="page">
      <afpi-list-head name="nav.salles" [list]="list">
        <afpi-column-choice [columns]="columns" />
        <button type="button" class="btn btn-primary" *afpiCan="'salles:write'" (click)="open(null)">
          <afpi-icon name="plus" [size]="17" />{{ 'salles.create' | transloco }}
        </button>
      </afpi-list-head>
      <afpi-list-bar
        [inputs]="{ list: 'salles', state: filters, columns: columns, search: 'salles.search', filters: choices() }"
      />
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'nav.salles' | transloco">
          <thead>
            <tr [afpiHeads]="columns" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
              <th afpiSort="name" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
                {{ 'salles.name' | transloco }}
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
                  <span class="row-nowrap"
                    ><span class="name">{{ item.name }}</span>
                    @if (!item.active) {
                      <span class="chip tone-warn">{{ 'salles.inactive' | transloco }}</span>
                    }
                  </span>
                </td>
                @for (column of columns.shown(); track column.id) {
                  @switch (column.id) {
                    @case ('capacity') {
                      <td class="right num" [attr.data-label]="column.label">{{ item.capacity ?? '—' }}</td>
                    }
                    @case ('equipment') {
                      <td [attr.data-label]="column.label">
                        <span class="row tags">
                          @for (piece of item.equipment; track piece) {
                            <span class="chip">{{ piece }}</span>
                          } @empty {
                            <span class="muted">—</span>
                          }
                        </span>
                      </td>
                    }
                    @case ('localisationId') {
                      <td [attr.data-label]="column.label">{{ item.localisation.name }}</td>
                    }
                    @default {
                      @if (column.field; as field) {
                        <td [afpiCell]="field" [item]="item"></td>
                      }
                    }
                  }
                }
                <td class="right">
                  <span class="row-nowrap tools">
                    <afpi-why kind="salle" [id]="item.id" [named]="item.name" />
                    <button
                      type="button"
                      class="btn btn-quiet btn-icon btn-s"
                      *afpiCan="'salles:write'"
                      [attr.aria-label]="'salles.editOne' | transloco: { name: item.name }"
                      (click)="open(item)"
                    >
                      <afpi-icon name="pencil" [size]="16" /></button
                  ></span>
                </td>
              </tr>
            }
          </tbody>
        </table>
        <afpi-empty icon="door" [title]="'salles.none' | transloco" [text]="'salles.noneText' | transloco" />
      </afpi-paged-table>
    </div>
  `,
  styles: `
    .tags {
      gap: 4px;
    }
    .tools {
      gap: 0;
      justify-content: flex-end;
    }
    @container table (width <= 690px) {
      .tags {
        justify-content: flex-end;
      }
    }
    .name {
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SalleList {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #site = inject(Site);
  protected readonly columns = listColumns(
    'salle',
    ['name', 'active'],
    [
      { id: 'capacity', label: 'salles.capacity', first: true, right: true },
      { id: 'equipment', label: 'salles.equipment', first: true },
      { id: 'localisationId', label: 'salles.site', first: true },
    ],
  );
  protected readonly filters = queryState({ q: '', inactives: '', tri: 'name' });
  protected readonly choices = signal<Filter[]>([{ name: 'inactives', label: 'salles.withInactive', on: '1' }]);
  protected readonly list = new PagedList(
    computed(() => {
      const { q, inactives, tri } = this.filters.values();
      return {
        ...this.#site.filter(),
        limit: 50,
        sort: tri as ListSalles$Params['sort'],
        ...(q ? { q } : {}),
        ...(inactives ? {} : { active: true }),
      };
    }),
    (params) => this.#api.invoke(listSalles, params),
  );

  constructor() {
    inject(Undo).afterwards(() => this.list.reload());
  }

  /** A cancelled dialog may also have shown that somebody else changed the room. */
  protected async open(record: Salle | null): Promise<void> {
    const ref = this.#dialog.open<Salle | null>(SalleDialog, {
      data: record,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'salle-title',
    });
    const saved = await firstValueFrom(ref.closed);
    if (saved || record) await this.list.reload();
  }
}
