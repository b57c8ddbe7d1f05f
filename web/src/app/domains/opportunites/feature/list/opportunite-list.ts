/** The opportunités as a table: search, filters, sort, columns, keyset paging. */
import { ChangeDetectionStrategy, Component, Type, computed, effect, inject, untracked } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { exportOpportunites$Csv as exportOpportunites } from '../../../../api/fn/opportunites/export-opportunites-csv';
import { ListOpportunites$Params, listOpportunites } from '../../../../api/fn/opportunites/list-opportunites';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { Text } from '../../../../api/models/text';
import { Can } from '../../../../shared/auth/can';
import { Session } from '../../../../shared/auth/session';
import { Site } from '../../../../shared/auth/site';
import { ColumnChoice } from '../../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../../shared/columns/column-heads';
import { listColumns } from '../../../../shared/columns/columns';
import { DescribedCell } from '../../../../shared/columns/described-cell';
import { PagedList } from '../../../../shared/http/paged-list';
import { AgoPipe, DayPipe, Format, MoneyPipe } from '../../../../shared/i18n/pipes';
import { Cells, EditableCells } from '../../../../shared/lists/cells';
import { inGroups } from '../../../../shared/lists/groups';
import { Late } from '../../../../shared/lists/late';
import { Peek } from '../../../../shared/lists/peek';
import { PickRow, PickShown } from '../../../../shared/lists/pick';
import { RowKeys } from '../../../../shared/lists/row-keys';
import { Selection } from '../../../../shared/lists/selection';
import { Trail } from '../../../../shared/lists/trail';
import { Avatar } from '../../../../shared/ui/avatar';
import { ExportButton } from '../../../../shared/ui/export-button';
import { Icon } from '../../../../shared/ui/icon';
import { PagedTable } from '../../../../shared/ui/paged-table';
import { SortHeader } from '../../../../shared/ui/sort-header';
import { Empty } from '../../../../shared/ui/states';
import { ListHead } from '../../../../shared/ui/list-head';
import { ListBar } from '../../../vues/public/list-bar';
import { WorkflowStore } from '../../data/workflow-store';
import { opportuniteFilters, toQuery } from '../../data/filters';
import { AgeBadge } from '../../public/age-badge';
import { StatusChip } from '../../public/status-chip';
import { ViewSwitch } from '../../ui/view-switch';
import { WaitsOnView } from '../../ui/waits-on';

type Sort = ListOpportunites$Params['sort'];

/** What is edited where it stands; `cells.ts` says how. */
const EDITABLE = ['title', 'budget', 'kind', 'commercialId'];

/** What the rows can be grouped by. */
const GROUPINGS: Record<string, ((row: OpportuniteItem) => { id: string; label: string | Text }) | null> = {
  '': null,
  etape: ({ section, sectionLabel }) => ({ id: section, label: sectionLabel ?? section }),
  commercial: ({ commercial }) => ({ id: commercial.id, label: commercial.name }),
  site: ({ localisation }) => ({ id: localisation.id, label: localisation.name }),
  entreprise: ({ entreprise }) => ({ id: entreprise.id, label: entreprise.name }),
};

@Component({
  imports: [
    ListBar,
    ListHead,
    AgeBadge,
    AgoPipe,
    Avatar,
    Can,
    ColumnChoice,
    DayPipe,
    ColumnHeads,
    DescribedCell,
    EditableCells,
    Empty,
    ExportButton,
    Icon,
    Late,
    MoneyPipe,
    PagedTable,
    PickRow,
    PickShown,
    RouterLink,
    RowKeys,
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
  readonly #format = inject(Format);
  readonly #workflows = inject(WorkflowStore);
  readonly #session = inject(Session);
  protected readonly filters = opportuniteFilters();
  protected readonly bar = async (): Promise<Type<unknown>> => (await import('../filter-bar')).OpportuniteFilters;
  protected readonly file = exportOpportunites.PATH;
  protected readonly query = computed(() => toQuery(this.filters.values(), this.#site.filter()));
  protected readonly list = new PagedList(
    computed(() => ({ ...this.query(), sort: this.filters.values().tri as Sort, limit: 50 })),
    (params) => this.#api.invoke(listOpportunites, params),
  );
  protected readonly groupings = Object.keys(GROUPINGS);
  /** What is shown, in groups if the person wants them; only of what is read. */
  protected readonly groups = computed(() => {
    const by = GROUPINGS[this.filters.values().groupe];
    const sumOf = (rows: OpportuniteItem[]): number => rows.reduce((sum, { amount }) => sum + amount, 0);
    const rank = ({ section }: OpportuniteItem): number => this.#workflows.current()?.rank(section) ?? 0;
    if (!by) return [{ key: '', label: '', rows: this.list.items(), sum: 0 }];
    const ranked = by === GROUPINGS['etape'] ? rank : undefined;
    return inGroups(this.list.items(), (row) => by(row).id, ranked).map(({ key, rows }) => {
      const [first] = rows;
      const { id, label } = first ? by(first) : { id: key, label: key };
      return { key: id, rows, sum: sumOf(rows), label: typeof label === 'string' ? label : this.#format.text(label) };
    });
  });
  protected readonly sum = computed(() => this.list.items().reduce((sum, { amount }) => sum + amount, 0));
  protected readonly selection = new Selection(this.list, this.query);
  protected readonly peek = new Peek(this.list);
  protected readonly quick = async (): Promise<Type<unknown>> => (await import('./peek')).OpportunitePeek;
  protected readonly bulk = async (): Promise<Type<unknown>> => (await import('./bulk')).OpportuniteBulk;
  protected readonly columns = listColumns(
    'opportunite',
    ['title', 'numero', 'entrepriseId'],
    [
      { id: 'status', first: true },
      { id: 'waitsOn', label: 'opportunites.column.waitsOn', first: true },
      { id: 'amount', first: true, right: true },
      { id: 'commercialId', first: true },
      { id: 'localisationId', first: true },
      { id: 'sectionSince', label: 'opportunites.column.age', first: true },
      { id: 'kind', first: false },
      { id: 'createdAt', first: false },
      { id: 'updatedAt', first: false },
    ],
  );

  protected readonly cells = computed<Cells<OpportuniteItem>>(() => ({
    names: this.#session.can('opportunites:edit') ? EDITABLE : [],
    load: async (injector) => (await import('./cells')).opportuniteCells(injector),
  }));

  constructor() {
    // Keys, ranges and the preview follow the rows as they stand.
    effect(() => {
      const shown = this.groups().flatMap(({ rows }) => rows);
      const read = untracked(() => this.list.items());
      if (shown.some((row, at) => row !== read[at])) this.list.patch(() => shown);
    });
    let grouped = this.filters.values().groupe;
    effect(() => {
      const now = this.filters.values().groupe;
      if (grouped && !now) void this.list.reload();
      grouped = now;
    });
    inject(Trail).from('/opportunites', this.list);
  }

  /** The mark of a cell that can be edited. */
  protected editable(name: string): string | null {
    return this.cells().names.includes(name) ? name : null;
  }

  /** With the mouse the whole row opens the record; with the keyboard its link does. */
  protected open(event: MouseEvent, item: OpportuniteItem): void {
    if ((event.target as HTMLElement).closest('a, button, .pick, [tabindex][data-edit], afpi-cell-editor')) return;
    void this.#router.navigate(['/opportunites', item.id]);
  }
}
