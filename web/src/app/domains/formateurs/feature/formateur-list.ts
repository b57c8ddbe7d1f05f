/** The trainers of the user's sites. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { ListFormateurs$Params, listFormateurs } from '../../../api/fn/formateurs/list-formateurs';
import { Formateur } from '../../../api/models/formateur';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { PagedList } from '../../../shared/http/paged-list';
import { Avatar } from '../../../shared/ui/avatar';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ListBar } from '../../vues/public/list-bar';
import { ExpiryBadges } from '../ui/expiry-badges';
import { FormateurDialog } from './formateur-dialog';

@Component({
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    SortHeader,
    ListBar,
    ListHead,
    Avatar,
    Can,
    Empty,
    ExpiryBadges,
    Icon,
    PagedTable,
    RouterLink,
    TranslocoPipe,
  ],
  template: `
    <div class="page">
      <afpi-list-head name="nav.formateurs" [list]="list">
        <afpi-column-choice [columns]="columns" />
        <ng-container *afpiCan="'formateurs:write'">
          <a class="btn" routerLink="/imports" [queryParams]="{ type: 'formateurs' }" *afpiCan="'entreprises:import'"
            ><afpi-icon name="file" [size]="16" />{{ 'common.import' | transloco }}</a
          >
        </ng-container>
        <button type="button" class="btn btn-primary" *afpiCan="'formateurs:write'" (click)="create()">
          <afpi-icon name="plus" [size]="17" />{{ 'formateurs.create' | transloco }}
        </button>
      </afpi-list-head>
      <afpi-list-bar
        [inputs]="{
          list: 'formateurs',
          state: filters,
          columns: columns,
          search: 'formateurs.search',
          filters: choices(),
        }"
      />
      <afpi-paged-table [list]="list">
        <table class="table cards" [attr.aria-label]="'nav.formateurs' | transloco">
          <thead>
            <tr [afpiHeads]="columns" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
              <th afpiSort="name" [sort]="filters.values().tri" (sortChange)="filters.set({ tri: $event })">
                {{ 'formateurs.name' | transloco }}
              </th>
            </tr>
          </thead>
          <tbody>
            @for (item of list.items(); track item.id) {
              <tr>
                <td class="main">
                  <span class="row-nowrap"
                    ><afpi-avatar [name]="item.name" /><a class="name" [routerLink]="['/formateurs', item.id]">{{
                      item.name
                    }}</a>
                    @if (item.shared) {
                      <span class="chip">{{ 'formateurs.shared' | transloco }}</span>
                    }
                    @if (!item.active) {
                      <span class="chip tone-warn">{{ 'common.inactive' | transloco }}</span>
                    }
                  </span>
                </td>
                @for (column of columns.shown(); track column.id) {
                  @switch (column.id) {
                    @case ('kind') {
                      <td [attr.data-label]="column.label">
                        {{ 'formateurs.kinds.' + item.kind | transloco }}
                      </td>
                    }
                    @case ('skills') {
                      <td [attr.data-label]="column.label">
                        <span class="row tags">
                          @for (skill of item.skills; track skill) {
                            <span class="chip">{{ skill }}</span>
                          } @empty {
                            <span class="muted">—</span>
                          }
                        </span>
                      </td>
                    }
                    @case ('certifications') {
                      <td [attr.data-label]="column.label">
                        <span class="row-nowrap"
                          >{{ item.certifications.length }}
                          <afpi-expiry-badges [expiries]="item.expiries" [most]="2" />
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
              </tr>
            }
          </tbody>
        </table>
        <afpi-empty
          icon="graduation"
          [title]="'formateurs.none' | transloco"
          [text]="'formateurs.noneText' | transloco"
        />
      </afpi-paged-table>
    </div>
  `,
  styles: `
    .tags {
      gap: 4px;
    }
    .name {
      color: var(--text);
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FormateurList {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #site = inject(Site);
  protected readonly kinds = ['permanent', 'vacataire'] as const;
  protected readonly columns = listColumns(
    'formateur',
    ['name', 'shared', 'active'],
    [
      { id: 'kind', label: 'formateurs.kind', first: true },
      { id: 'skills', label: 'formateurs.skills', first: true },
      { id: 'certifications', label: 'formateurs.certifications', first: true },
      { id: 'localisationId', label: 'formateurs.sites', first: true },
    ],
  );
  protected readonly filters = queryState({ q: '', type: '', inactifs: '', tri: 'name' });
  protected readonly choices = signal<Filter[]>([
    {
      name: 'type',
      label: 'formateurs.kind',
      any: 'formateurs.allKinds',
      options: this.kinds.map((kind) => ({ value: kind, label: 'formateurs.kinds.' + kind })),
    },
    { name: 'inactifs', label: 'formateurs.withInactive', on: '1' },
  ]);
  protected readonly list = new PagedList(
    computed(() => {
      const { q, type, inactifs, tri } = this.filters.values();
      return {
        ...this.#site.filter(),
        limit: 50,
        sort: tri as ListFormateurs$Params['sort'],
        ...(q ? { q } : {}),
        ...(type ? { kind: type as (typeof this.kinds)[number] } : {}),
        ...(inactifs ? {} : { active: true }),
      };
    }),
    (params) => this.#api.invoke(listFormateurs, params),
  );

  protected async create(): Promise<void> {
    const ref = this.#dialog.open<Formateur | null>(FormateurDialog, {
      data: null,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'formateur-title',
    });
    if (await firstValueFrom(ref.closed)) await this.list.reload();
  }
}
