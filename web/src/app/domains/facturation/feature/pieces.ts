/** Drafts, invoices and credit notes with their sums. Unpaid ones can be chosen for a payment. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { ListCreances$Params, listCreances } from '../../../api/fn/facturation/list-creances';
import { getCreanceTotals } from '../../../api/fn/facturation/get-creance-totals';
import { Creance } from '../../../api/models/creance';
import { CreanceState } from '../../../api/models/creance-state';
import { Can } from '../../../shared/auth/can';
import { Site } from '../../../shared/auth/site';
import { ColumnChoice } from '../../../shared/columns/column-choice';
import { ColumnHeads } from '../../../shared/columns/column-heads';
import { listColumns } from '../../../shared/columns/columns';
import { DescribedCell } from '../../../shared/columns/described-cell';
import { PagedList } from '../../../shared/http/paged-list';
import { DayPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
import { ListBar } from '../../vues/public/list-bar';
import { PieceDrawer } from '../../documents/public/piece-drawer';
import { PaymentDialog } from './payment-dialog';
import { PieceDialog } from './piece-dialog';

const TONES: Record<CreanceState, string> = {
  draft: '',
  open: 'tone-info',
  settled: 'tone-good',
  overpaid: 'tone-warn',
  credit: 'tone-violet',
};

@Component({
  selector: 'afpi-pieces',
  imports: [
    ColumnChoice,
    ColumnHeads,
    DescribedCell,
    ListBar,
    Can,
    DayPipe,
    Empty,
    ExportButton,
    Icon,
    MoneyPipe,
    PagedTable,
    RouterLink,
    SortHeader,
    TranslocoPipe,
  ],
  templateUrl: './pieces.html',
  styleUrl: './pieces.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Pieces {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #site = inject(Site);
  protected readonly drawer = inject(PieceDrawer);
  protected readonly tones = TONES;
  protected readonly columns = listColumns(
    'creance',
    ['number', 'state', 'disputed'],
    [
      { id: 'payer.name', label: 'facturation.payer', first: true },
      { id: 'opportuniteId', label: 'facturation.opportunite', first: true },
      { id: 'issuedOn', label: 'facturation.issuedOn', first: true },
      { id: 'dueOn', label: 'facturation.dueOn', first: true },
      { id: 'total', label: 'facturation.total', first: true, right: true },
      { id: 'balance', label: 'facturation.balance', first: true, right: true },
    ],
  );
  protected readonly filters = queryState({
    q: '',
    etat: '',
    payeur: '',
    du: '',
    au: '',
    retard: '',
    tri: '-issuedOn',
  });
  protected readonly choices = computed<Filter[]>(() => [
    {
      name: 'etat',
      label: 'facturation.state',
      any: 'facturation.allStates',
      options: Object.keys(TONES).map((state) => ({ value: state, label: 'facturation.states.' + state })),
    },
    { name: 'du', label: 'facturation.from', day: true },
    { name: 'au', label: 'facturation.to', day: true },
    { name: 'retard', label: 'facturation.overdueOnly', on: '1' },
    // Chosen in the balance of payers.
    { name: 'payeur', label: 'facturation.payer', any: 'facturation.allPayers', options: this.#payers() },
  ]);
  /** The filters, as the API has them. */
  protected readonly params = computed(() => {
    const { q, etat, payeur, du, au, retard } = this.filters.values();
    return {
      ...this.#site.filter(),
      ...(q ? { q } : {}),
      ...(etat ? { state: etat as CreanceState } : {}),
      ...(payeur ? { payer: payeur } : {}),
      ...(du ? { from: du } : {}),
      ...(au ? { to: au } : {}),
      ...(retard ? { overdue: true } : {}),
    };
  });
  protected readonly list = new PagedList(
    computed(() => ({ ...this.params(), limit: 50, sort: this.filters.values().tri as ListCreances$Params['sort'] })),
    (params) => this.#api.invoke(listCreances, params),
  );
  protected readonly totals = resource({
    params: () => this.params(),
    loader: ({ params }) => this.#api.invoke(getCreanceTotals, params),
  });
  readonly #picked = signal<ReadonlyMap<string, Creance>>(new Map());
  protected readonly picked = computed(() => [...this.#picked().values()]);
  protected readonly pickedSum = computed(() => this.picked().reduce((sum, { balance }) => sum + balance, 0));
  readonly #payers = computed(() => {
    const { payeur } = this.filters.values();
    return payeur ? [{ value: payeur, name: this.list.items()[0]?.payer.name ?? '…' }] : [];
  });

  protected isPicked(row: Creance): boolean {
    return this.#picked().has(row.id);
  }
  protected pick(row: Creance): void {
    this.#picked.update((before) => {
      const after = new Map(before);
      if (!after.delete(row.id)) after.set(row.id, row);
      return after;
    });
  }

  protected async pay(): Promise<void> {
    const ref = this.#dialog.open<boolean>(PaymentDialog, {
      data: this.picked(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'payment-title',
    });
    if (await firstValueFrom(ref.closed)) await this.#changed();
  }

  protected async open(row: Creance): Promise<void> {
    const ref = this.#dialog.open<boolean>(PieceDialog, {
      data: row,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'piece-title',
    });
    if (await firstValueFrom(ref.closed)) await this.#changed();
  }

  async #changed(): Promise<void> {
    this.#picked.set(new Map());
    this.totals.reload();
    await this.list.reload();
  }
}
