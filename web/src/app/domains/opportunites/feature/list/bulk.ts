/** What can be done with the opportunités that are chosen in the list: another owner or kind, and moves without a form. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { exportOpportunites$Csv as exportOpportunites } from '../../../../api/fn/opportunites/export-opportunites-csv';
import { listCommerciaux } from '../../../../api/fn/opportunites/list-commerciaux';
import { Opportunite } from '../../../../api/models/opportunite';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { OpportuniteKind } from '../../../../api/models/opportunite-kind';
import { OpportuniteUpdate } from '../../../../api/models/opportunite-update';
import { Session } from '../../../../shared/auth/session';
import { Language } from '../../../../shared/i18n/language';
import { Format } from '../../../../shared/i18n/pipes';
import { Download } from '../../../../shared/http/download';
import { BulkAction, BulkOption, DirectAction, ListAction } from '../../../../shared/lists/bulk-action';
import { BulkBar } from '../../../../shared/lists/bulk-bar';
import { Doing, Done, NotMeant } from '../../../../shared/lists/carry-out';
import { onlyLines } from '../../../../shared/lists/csv';
import { inTurns } from '../../../../shared/lists/in-turns';
import { Selection } from '../../../../shared/lists/selection';
import { ToastStore } from '../../../../shared/ui/toast-store';
import { BULK_TEXTS } from '../../data/bulk-texts';
import { KINDS } from '../../data/filters';
import { OpportuniteClient } from '../../data/opportunite-client';
import { WorkflowStore } from '../../data/workflow-store';
import { asksFor, wayBack } from '../../util/way-back';

type Versioned = Pick<Opportunite, 'id' | 'version'>;

@Component({
  imports: [BulkBar],
  template: `
    @if (ready()) {
      <afpi-bulk-bar [selection]="selection()" [actions]="actions()" [name]="name" />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OpportuniteBulk {
  readonly selection = input.required<Selection<OpportuniteItem>>();
  /** The list's filters: what can be chosen is among their results. */
  readonly query = input.required<object>();
  readonly #download = inject(Download);
  readonly #toasts = inject(ToastStore);
  readonly #api = inject(Api);
  readonly #client = inject(OpportuniteClient);
  readonly #session = inject(Session);
  readonly #workflows = inject(WorkflowStore);
  readonly #format = inject(Format);
  readonly #language = inject(Language);
  readonly #transloco = inject(TranslocoService);
  protected readonly ready = signal(false);
  protected readonly name = ({ numero, title }: OpportuniteItem): string => `${numero} ${title}`;
  /** The records with their moves, as they were read for the choice. */
  #read = new Map<string, Opportunite>();

  protected readonly actions = computed<ListAction<OpportuniteItem>[]>(() => {
    this.#language.current();
    const edits = this.#session.can('opportunites:edit') ? [this.#assign(), this.#kind()] : [];
    const file = this.#session.can('opportunites:export') ? [this.#file()] : [];
    return [...edits, this.#move(), ...file];
  });

  constructor() {
    void this.#language.add(BULK_TEXTS).then(() => {
      this.ready.set(true);
    });
  }

  #say(key: string, params: Record<string, unknown> = {}): string {
    return this.#transloco.translate(`opportunitesLot.${key}`, params);
  }

  #assign(): BulkAction<OpportuniteItem> {
    return {
      ...this.#named('assign', 'user'),
      choice: {
        label: this.#transloco.translate('opportunites.field.commercial'),
        options: async (rows) => {
          const sites = new Set(rows.map(({ localisation }) => localisation.id));
          const [site] = sites;
          const params = sites.size === 1 && site ? { localisationId: site } : {};
          const { data } = await this.#api.invoke(listCommerciaux, params);
          return data.map(({ id, name }) => ({ value: id, label: name }));
        },
      },
      start: (commercialId) =>
        this.#edit(
          ({ commercial }) => commercial.id === commercialId,
          { commercialId },
          ({ commercial }) => ({ commercialId: commercial.id }),
        ),
    };
  }

  #kind(): BulkAction<OpportuniteItem> {
    return {
      ...this.#named('kind', 'list'),
      choice: {
        label: this.#transloco.translate('opportunites.field.kind'),
        options: () =>
          Promise.resolve(KINDS.map((kind) => ({ value: kind, label: this.#transloco.translate(`kind.${kind}`) }))),
      },
      start: (chosen) => {
        const kind = chosen as OpportuniteKind;
        return this.#edit(
          (row) => row.kind === kind,
          { kind },
          (row) => ({ kind: row.kind }),
        );
      },
    };
  }

  #move(): BulkAction<OpportuniteItem> {
    return {
      ...this.#named('move', 'arrow-right'),
      hint: this.#say('moveHint'),
      choice: { label: this.#say('moveLabel'), options: (rows, read) => this.#offered(rows, read) },
      start: (transition) => (row) => this.#take(row, transition),
    };
  }

  /** The file of the list, without the lines that are not chosen. The server decides what may be exported. */
  #file(): DirectAction<OpportuniteItem> {
    return {
      id: 'file',
      icon: 'download',
      label: this.#transloco.translate('common.export'),
      run: async (rows) => {
        const numbers = new Set(rows.map(({ numero }) => numero));
        const name = `opportunites-${new Date().toISOString().slice(0, 10)}.csv`;
        await this.#download.file(exportOpportunites.PATH, name, { ...this.query() }, 'text/csv', async (file) => {
          // `text` drops the mark of the encoding, which spreadsheets need.
          return new Blob(['\ufeff', onlyLines(await file.text(), numbers)], { type: 'text/csv' });
        });
        this.#toasts.done(this.#transloco.translate('common.exported'));
      },
    };
  }

  #named(id: string, icon: BulkAction<OpportuniteItem>['icon']): Omit<BulkAction<OpportuniteItem>, 'start'> {
    return {
      id,
      icon,
      label: this.#say(id),
      confirm: (n) => this.#say(`${id}Do`, { n: this.#format.count(n) }),
      done: (n) => this.#say(`${id}Done`, { n: this.#format.count(n) }),
    };
  }

  /** A change that the record already has is not sent. `former` are the values that it replaces. */
  #edit(
    has: (row: OpportuniteItem) => boolean,
    change: OpportuniteUpdate,
    former: (row: OpportuniteItem) => OpportuniteUpdate,
  ): Doing<OpportuniteItem> {
    const update = (record: Versioned, body: OpportuniteUpdate): Promise<Opportunite> =>
      this.#client.update(record, body);
    return async (row): Promise<Done<OpportuniteItem> | null> => {
      if (has(row)) return null;
      const now = await update(row, change);
      return { now, back: () => update(now, former(row)) };
    };
  }

  /** The moves that some of the records may take at once. */
  async #offered(rows: readonly OpportuniteItem[], read: (n: number) => void): Promise<BulkOption[]> {
    this.#read = new Map();
    await inTurns(rows, async ({ id }) => {
      this.#read.set(id, await this.#client.get(id));
      read(this.#read.size);
    });
    const offers = new Map<string, { label: string; n: number }>();
    for (const record of this.#read.values()) {
      for (const offer of record.offers) {
        if (!offer.allowed || asksFor(offer) || offer.direction === 'stop') continue;
        const { n } = offers.get(offer.transition) ?? { n: 0 };
        offers.set(offer.transition, { label: this.#format.text(offer.label), n: n + 1 });
      }
    }
    const total = this.#format.count(rows.length);
    return [...offers]
      .sort(([, a], [, b]) => b.n - a.n)
      .map(([value, { label, n }]) => ({
        value,
        label: this.#say('moveOption', { label, n: this.#format.count(n), total }),
      }));
  }

  async #take(row: OpportuniteItem, transition: string): Promise<Done<OpportuniteItem>> {
    const known = this.#read.get(row.id);
    const before = known && known.version >= row.version ? known : await this.#client.get(row.id);
    const offer = before.offers.find((one) => one.transition === transition);
    if (!offer?.allowed) {
      const why = (offer?.blockers ?? []).map(({ message }) => this.#format.text(message));
      throw new NotMeant(why.length ? why.join(' ') : this.#say('notOffered'));
    }
    const now = await this.#client.transition(before, transition, {});
    const way = wayBack(before, offer, now, await this.#workflows.of(now));
    return way ? { now, back: () => this.#client.transition(now, way.transition, {}) } : { now };
  }
}
