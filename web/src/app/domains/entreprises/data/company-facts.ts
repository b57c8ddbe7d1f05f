/** What the page of a company reads once for its head and its panels. Each fact is read alone and fails alone. */
import { Injectable, computed, inject, resource, signal } from '@angular/core';
import { Api } from '../../../api/api';
import { listEntrepriseOpportunites } from '../../../api/fn/entreprises/list-entreprise-opportunites';
import { getCreanceTotals } from '../../../api/fn/facturation/get-creance-totals';
import { listSessions } from '../../../api/fn/sessions/list-sessions';
import { listStagiaires } from '../../../api/fn/stagiaires/list-stagiaires';
import { listTaches } from '../../../api/fn/taches/list-taches';
import { Session } from '../../../shared/auth/session';
import { Changes } from '../../../shared/http/changes';
import { today } from '../../../shared/i18n/format';
import { isWon, together, years } from '../util/company';

const YEARS = 4;
/** Sessions and trainees are asked for by opportunité: the latest ones. */
const DEALS = 10;

@Injectable()
export class CompanyFacts {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #changes = inject(Changes).of('taches');
  readonly #id = signal<string | undefined>(undefined);
  readonly #billed = computed(() => (this.#session.can('creances:read') ? this.#id() : undefined));

  /** May the reader see what was invoiced? */
  readonly billing = computed(() => this.#session.can('creances:read'));
  readonly deals = resource({
    params: () => this.#id(),
    loader: async ({ params }) => (await this.#api.invoke(listEntrepriseOpportunites, { id: params })).data,
  });
  readonly tasks = resource({
    params: () => ({ id: this.#id(), changes: this.#changes() }),
    loader: async ({ params: { id } }) =>
      id ? (await this.#api.invoke(listTaches, { kind: 'entreprises', record: id })).data : undefined,
  });
  readonly totals = resource({
    params: () => this.#billed(),
    loader: ({ params }) => this.#api.invoke(getCreanceTotals, { entrepriseId: params }),
  });
  /** Invoiced in cents excl. VAT, by year. */
  readonly revenue = resource({
    params: () => this.#billed(),
    loader: ({ params }) =>
      Promise.all(
        years(today(), YEARS).map(async (year) => {
          const span = { from: `${year}-01-01`, to: `${year}-12-31` };
          return { year, net: (await this.#api.invoke(getCreanceTotals, { entrepriseId: params, ...span })).net };
        }),
      ),
  });
  /** Those whose training takes place. */
  readonly #trained = computed(() =>
    this.deals.hasValue()
      ? this.deals
          .value()
          .filter(isWon)
          .slice(0, DEALS)
          .map(({ id }) => id)
      : undefined,
  );
  readonly sessions = resource({
    params: () => this.#trained(),
    loader: async ({ params }) =>
      together(
        await Promise.all(
          params.map(async (opportuniteId) => (await this.#api.invoke(listSessions, { opportuniteId })).data),
        ),
      ),
  });
  readonly trainees = resource({
    params: () => this.#trained(),
    loader: async ({ params }) => {
      const counts = params.map(
        async (opportuniteId) => (await this.#api.invoke(listStagiaires, { opportuniteId, limit: 1 })).meta.total,
      );
      return { files: params.length, people: (await Promise.all(counts)).reduce((sum, n) => sum + n, 0) };
    },
  });

  show(id: string): void {
    this.#id.set(id);
  }
}
