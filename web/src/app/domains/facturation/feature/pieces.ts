/** Drafts, invoices and credit notes with their sums. Unpaid ones can be chosen for a payment. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { FormsModule } from '@angular/forms';
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
import { DateInput } from '../../../shared/forms/date-input';
import { PagedList } from '../../../shared/http/paged-list';
import { DayPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { ClearFilters } from '../../../shared/ui/clear-filters';
import { ExportButton } from '../../../shared/ui/export-button';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { queryState } from '../../../shared/ui/query-state';
import { SearchBox } from '../../../shared/ui/search-box';
import { SortHeader } from '../../../shared/ui/sort-header';
import { Empty } from '../../../shared/ui/states';
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
    Can,
    ClearFilters,
    DateInput,
    DayPipe,
    Empty,
    ExportButton,
    FormsModule,
    Icon,
    MoneyPipe,
    PagedTable,
    RouterLink,
    SearchBox,
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
  protected readonly states = Object.keys(TONES) as CreanceState[];
  protected readonly filters = queryState({ q: '', etat: '', payeur: '', du: '', au: '', retard: '' });
  protected readonly sort = signal('-issuedOn');
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
    computed(() => ({ ...this.params(), limit: 50, sort: this.sort() as ListCreances$Params['sort'] })),
    (params) => this.#api.invoke(listCreances, params),
  );
  protected readonly totals = resource({
    params: () => this.params(),
    loader: ({ params }) => this.#api.invoke(getCreanceTotals, params),
  });
  readonly #picked = signal<ReadonlyMap<string, Creance>>(new Map());
  protected readonly picked = computed(() => [...this.#picked().values()]);
  protected readonly pickedSum = computed(() => this.picked().reduce((sum, { balance }) => sum + balance, 0));
  /** The name of the payer that the list is narrowed to. */
  protected readonly payer = computed(() =>
    this.filters.values().payeur ? (this.list.items()[0]?.payer.name ?? '') : '',
  );

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
  protected set(name: 'etat', event: Event): void {
    this.filters.set({ [name]: (event.target as HTMLSelectElement).value });
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
