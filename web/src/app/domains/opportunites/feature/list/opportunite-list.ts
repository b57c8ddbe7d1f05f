/** The opportunités as a table: search, filters, sort, columns, keyset paging. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { CdkMenu, CdkMenuItemCheckbox, CdkMenuTrigger } from '@angular/cdk/menu';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { exportOpportunites$Csv as exportOpportunites } from '../../../../api/fn/opportunites/export-opportunites-csv';
import { ListOpportunites$Params, listOpportunites } from '../../../../api/fn/opportunites/list-opportunites';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { Can } from '../../../../shared/auth/can';
import { Site } from '../../../../shared/auth/site';
import { PagedList } from '../../../../shared/http/paged-list';
import { AgoPipe, CountPipe, DayPipe, MoneyPipe } from '../../../../shared/i18n/pipes';
import { Avatar } from '../../../../shared/ui/avatar';
import { ExportButton } from '../../../../shared/ui/export-button';
import { Icon } from '../../../../shared/ui/icon';
import { PagedTable } from '../../../../shared/ui/paged-table';
import { SortHeader } from '../../../../shared/ui/sort-header';
import { Empty } from '../../../../shared/ui/states';
import { recall, remember } from '../../../../shared/ui/storage';
import { opportuniteFilters, toQuery } from '../../data/filters';
import { AgeBadge } from '../../public/age-badge';
import { OpportuniteFilters } from '../filter-bar';
import { StatusChip } from '../../public/status-chip';
import { ViewSwitch } from '../../ui/view-switch';
import { WaitsOnView } from '../../ui/waits-on';

const COLUMNS = [
  'status',
  'waitsOn',
  'amount',
  'commercial',
  'localisation',
  'age',
  'kind',
  'createdAt',
  'updatedAt',
] as const;
type Sort = ListOpportunites$Params['sort'];
type Column = (typeof COLUMNS)[number];
const SHOWN_AT_FIRST: Column[] = ['status', 'waitsOn', 'amount', 'commercial', 'localisation', 'age'];
const KEY = 'afpi.opportunites.columns';

@Component({
  imports: [
    AgeBadge,
    AgoPipe,
    Avatar,
    Can,
    CdkMenu,
    CdkMenuItemCheckbox,
    CdkMenuTrigger,
    CountPipe,
    DayPipe,
    Empty,
    ExportButton,
    Icon,
    MoneyPipe,
    OpportuniteFilters,
    PagedTable,
    RouterLink,
    SortHeader,
    StatusChip,
    TranslocoPipe,
    ViewSwitch,
    WaitsOnView,
  ],
  templateUrl: './opportunite-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OpportuniteList {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #site = inject(Site);
  protected readonly filters = opportuniteFilters();
  protected readonly file = exportOpportunites.PATH;
  protected readonly query = computed(() => toQuery(this.filters.values(), this.#site.filter()));
  protected readonly list = new PagedList(
    computed(() => ({ ...this.query(), sort: this.filters.values().tri as Sort, limit: 50 })),
    (params) => this.#api.invoke(listOpportunites, params),
  );
  protected readonly columns = COLUMNS;
  protected readonly shown = signal(new Set<Column>(remembered()));

  protected sort(field: string): void {
    this.filters.set({ tri: field });
  }
  protected toggle(column: Column): void {
    const shown = new Set(this.shown());
    if (!shown.delete(column)) shown.add(column);
    this.shown.set(shown);
    remember(KEY, [...shown].join(','));
  }
  /** The whole row leads to the record for the mouse; the link in it does for the keyboard. */
  protected open(event: MouseEvent, item: OpportuniteItem): void {
    if ((event.target as HTMLElement).closest('a, button')) return;
    void this.#router.navigate(['/opportunites', item.id]);
  }
}

function remembered(): Column[] {
  const saved = recall(KEY);
  return saved === null ? SHOWN_AT_FIRST : COLUMNS.filter((column) => saved.split(',').includes(column));
}
