/** The board's columns with their figures, and their cards, read column by column. */
import { Injectable, computed, effect, inject, resource, signal, untracked } from '@angular/core';
import { Api } from '../../../../api/api';
import { getKanban } from '../../../../api/fn/opportunites/get-kanban';
import { listOpportunites } from '../../../../api/fn/opportunites/list-opportunites';
import { KanbanColumn } from '../../../../api/models/kanban-column';
import { OpportuniteItem } from '../../../../api/models/opportunite-item';
import { Problems } from '../../../../shared/http/problem';
import { OpportuniteQuery } from '../../data/filters';
import { WorkflowStore } from '../../data/workflow-store';

export type GroupBy = 'section' | 'status' | 'localisation' | 'commercial';
/** The filter of the list that has the cards of one column. */
const FILTERS = {
  section: 'section',
  status: 'status',
  localisation: 'localisationId',
  commercial: 'commercialId',
} as const;

export interface Lane {
  cards: OpportuniteItem[];
  next: string | null;
  busy: boolean;
}

const CARDS = 20;
const EMPTY: Lane = { cards: [], next: null, busy: true };

@Injectable()
export class BoardStore {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #workflow = inject(WorkflowStore);
  readonly #query = signal<{ query: OpportuniteQuery; groupBy: GroupBy } | undefined>(undefined);
  readonly #lanes = signal<ReadonlyMap<string, Lane>>(new Map());
  #turn = 0;

  readonly #kanban = resource({
    params: () => this.#query(),
    loader: async ({ params }) =>
      (await this.#api.invoke(getKanban, { ...params.query, groupBy: params.groupBy })).columns,
  });
  /** In the order of the relay, including empty ones. Columns of other sites' workflows come last. */
  readonly columns = computed<KanbanColumn[] | undefined>(() => {
    const workflow = this.#workflow.current();
    if (!this.#kanban.hasValue() || !workflow) return undefined;
    const found = this.#kanban.value();
    const { sections, statuses } = workflow.definition;
    const groupBy = this.#query()?.groupBy;
    // Sites and owners come with their names, in order, and only where they have files.
    if (groupBy === 'localisation' || groupBy === 'commercial') return found;
    const known = (groupBy === 'status' ? statuses : sections).map(({ id }) => id);
    const ids = [...known, ...found.map(({ id }) => id).filter((id) => !known.includes(id))];
    return ids.map(
      (id) => found.find((column) => column.id === id) ?? { id, count: 0, amount: 0, weighted: 0, late: 0 },
    );
  });
  readonly error = computed(() => this.#kanban.error() ?? this.#workflow.error());

  constructor() {
    effect(() => {
      const columns = this.columns();
      if (columns)
        untracked(() => {
          void this.#fill(columns);
        });
    });
  }

  show(query: OpportuniteQuery, groupBy: GroupBy): void {
    this.#query.set({ query, groupBy });
  }
  reload(): void {
    if (this.#workflow.error()) this.#workflow.reload();
    this.#kanban.reload();
  }
  lane(id: string): Lane {
    return this.#lanes().get(id) ?? EMPTY;
  }

  async more(id: string): Promise<void> {
    const lane = this.lane(id);
    if (lane.busy || lane.next === null) return;
    this.#put(id, { ...lane, busy: true });
    await this.#read(id, this.#turn, lane.cards, lane.next);
  }

  async #fill(columns: KanbanColumn[]): Promise<void> {
    const turn = ++this.#turn;
    const known = this.#lanes();
    // Visible cards stay until the new ones have arrived.
    this.#lanes.set(
      new Map(
        columns.map(({ id, count }) => [
          id,
          count === 0 ? { cards: [], next: null, busy: false } : { ...(known.get(id) ?? EMPTY), busy: true },
        ]),
      ),
    );
    await Promise.all(columns.filter(({ count }) => count > 0).map(({ id }) => this.#read(id, turn, [], null)));
  }

  async #read(id: string, turn: number, before: OpportuniteItem[], cursor: string | null): Promise<void> {
    const asked = this.#query();
    if (!asked) return;
    try {
      const { data, meta } = await this.#api.invoke(listOpportunites, {
        ...asked.query,
        [FILTERS[asked.groupBy]]: id,
        sort: 'sectionSince',
        limit: CARDS,
        ...(cursor ? { cursor } : {}),
      });
      if (turn === this.#turn) this.#put(id, { cards: [...before, ...data], next: meta.next ?? null, busy: false });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#put(id, { ...this.lane(id), busy: false });
      this.#problems.report(error);
    }
  }

  #put(id: string, lane: Lane): void {
    this.#lanes.update((lanes) => new Map(lanes).set(id, lane));
  }
}
