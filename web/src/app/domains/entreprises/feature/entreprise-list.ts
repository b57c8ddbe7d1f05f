/** The companies as a table. Everybody reads all of them, so that nobody enters one twice. */
import { ChangeDetectionStrategy, Component, Type, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { exportEntreprises$Csv as exportEntreprises } from '../../../api/fn/entreprises/export-entreprises-csv';
import { ListEntreprises$Params, listEntreprises } from '../../../api/fn/entreprises/list-entreprises';
import { EntrepriseItem } from '../../../api/models/entreprise-item';
import { EntrepriseKind } from '../../../api/models/entreprise-kind';
import { Can } from '../../../shared/auth/can';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { formatSiret } from '../../../shared/forms/siret';
import { PagedList } from '../../../shared/http/paged-list';
import { AgoPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { Cells, EditableCells } from '../../../shared/lists/cells';
import { Late } from '../../../shared/lists/late';
import { Peek } from '../../../shared/lists/peek';
import { PickRow, PickShown } from '../../../shared/lists/pick';
import { RowKeys } from '../../../shared/lists/row-keys';
import { Selection } from '../../../shared/lists/selection';
import { Trail } from '../../../shared/lists/trail';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListHead } from '../../../shared/ui/list-head';
import { ListBar } from '../../vues/public/list-bar';
import { KINDS } from '../util/kinds';

type Sort = ListEntreprises$Params['sort'];

/** What is edited where it stands; `cells.ts` says how. */
const EDITABLE = [
  'name',
  'siret',
  'phone',
  'email',
  'website',
  'opco',
  'vatNumber',
  'nafCode',
  'idcc',
  'address.line1',
  'address.postcode',
  'address.city',
  'headcount',
  'kind',
  'localisationId',
];

@Component({
  imports: [
    ListBar,
    ListHead,
    AgoPipe,
    Can,
    ColumnChoice,
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
    TranslocoPipe,
  ],
  templateUrl: './entreprise-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntrepriseList {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #site = inject(Site);
  protected readonly columns = listColumns(
    'entreprise',
    ['name', 'tags', 'active', 'openAmount'],
    ['siret', 'address.city', 'kind', 'localisationId', 'openOpportunites', 'updatedAt'].map((id) => ({
      id,
      first: true,
      right: id === 'openOpportunites',
    })),
  );
  protected readonly siret = formatSiret;
  protected readonly filters = queryState({ q: '', type: '', actif: 'true', tri: 'name' });
  protected readonly choices = signal<Filter[]>([
    {
      name: 'type',
      label: 'entreprises.kind',
      any: 'entreprises.allKinds',
      options: KINDS.map((kind) => ({ value: kind, label: 'entrepriseKind.' + kind })),
    },
    {
      name: 'actif',
      label: 'entreprises.activity',
      any: 'entreprises.activeFilter.all',
      options: ['true', 'false'].map((value) => ({ value, label: 'entreprises.activeFilter.' + value })),
    },
  ]);
  protected readonly file = exportEntreprises.PATH;
  protected readonly query = computed(() => {
    const { q, type, actif } = this.filters.values();
    return {
      ...this.#site.filter(),
      ...(q ? { q } : {}),
      ...(type ? { kind: type as EntrepriseKind } : {}),
      ...(actif ? { active: actif === 'true' } : {}),
    };
  });
  protected readonly list = new PagedList(
    computed(() => ({ ...this.query(), sort: this.filters.values().tri as Sort, limit: 50 })),
    (params) => this.#api.invoke(listEntreprises, params),
  );

  readonly #session = inject(Session);
  protected readonly mayChange = computed(() => this.#session.can('entreprises:write'));
  protected readonly selection = new Selection(this.list, this.query);
  protected readonly peek = new Peek(this.list);
  protected readonly quick = async (): Promise<Type<unknown>> => (await import('./peek')).EntreprisePeek;
  protected readonly bulk = async (): Promise<Type<unknown>> => (await import('./bulk')).EntrepriseBulk;

  protected readonly cells = computed<Cells<EntrepriseItem>>(() => ({
    names: this.#session.can('entreprises:write') ? EDITABLE : [],
    load: async (injector) => (await import('./cells')).entrepriseCells(injector),
  }));

  constructor() {
    inject(Trail).from('/entreprises', this.list);
  }

  /** The mark of a cell that can be edited. */
  protected editable(name: string): string | null {
    return this.cells().names.includes(name) ? name : null;
  }

  protected open(event: MouseEvent, item: EntrepriseItem): void {
    if ((event.target as HTMLElement).closest('a, button, .pick, [tabindex][data-edit], afpi-cell-editor')) return;
    void this.#router.navigate(['/entreprises', item.id]);
  }
}
