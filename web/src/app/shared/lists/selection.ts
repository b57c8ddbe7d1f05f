/**
 * The chosen rows of a list: single ones, ranges, the rows shown, or all results of the filters. Other filters begin
 * anew; rows that are read again keep their choice.
 */
import { Signal, computed, effect, signal, untracked } from '@angular/core';
import { Page, PagedList } from '../http/paged-list';

export interface Row {
  id: string;
}

/** The most that one page of the API has. */
const PAGE = 200;

export class Selection<T extends Row, P extends object = object> {
  readonly #picked = signal<ReadonlyMap<string, T>>(new Map());
  readonly #all = signal(false);
  /** Where a range begins. */
  #anchor: string | null = null;

  /** All results of the filters, also those that no page has shown. */
  readonly all = this.#all.asReadonly();
  readonly count = computed(() => (this.#all() ? this.list.total() : this.#picked().size));
  readonly any = computed(() => this.count() > 0);
  /** How much of what is shown is chosen. */
  readonly shown = computed<'none' | 'some' | 'all'>(() => {
    const rows = this.list.items();
    if (this.#all() && rows.length) return 'all';
    const n = rows.filter(({ id }) => this.#picked().has(id)).length;
    return n === 0 ? 'none' : n === rows.length ? 'all' : 'some';
  });
  /** There are results beside those shown. */
  readonly more = computed(() => this.list.hasMore());

  /** Create it in an injection context. `filters` are those of the list, without its sort. */
  constructor(
    readonly list: PagedList<T, P>,
    filters: Signal<unknown>,
  ) {
    effect(() => {
      filters();
      untracked(() => {
        this.clear();
      });
    });
    effect(() => {
      const fresh = new Map(list.items().map((row) => [row.id, row]));
      untracked(() => {
        if (!this.#picked().size) return;
        this.#picked.update((before) => new Map([...before].map(([id, row]) => [id, fresh.get(id) ?? row])));
      });
    });
  }

  has(id: string): boolean {
    return this.#all() || this.#picked().has(id);
  }

  /** Chooses a row or gives it up. A `range` reaches from the row that was clicked before, and becomes as this one. */
  toggle(row: T, range = false): void {
    const on = !this.has(row.id);
    const rows = this.list.items();
    const from = rows.findIndex(({ id }) => id === this.#anchor);
    const to = rows.findIndex(({ id }) => id === row.id);
    const meant = range && from >= 0 ? rows.slice(Math.min(from, to), Math.max(from, to) + 1) : [row];
    const before = this.#all() ? new Map(rows.map((one) => [one.id, one])) : new Map(this.#picked());
    for (const one of meant) {
      if (on) before.set(one.id, one);
      else before.delete(one.id);
    }
    this.#set(before);
    this.#anchor = row.id;
  }

  /** All rows shown, or none when they are all chosen. */
  toggleShown(): void {
    this.#set(this.shown() === 'all' ? new Map() : new Map(this.list.items().map((row) => [row.id, row])));
  }

  /** All results of the filters. They are counted first, so that their number is known. */
  async takeAll(): Promise<void> {
    if (!this.list.exact()) await this.list.count();
    this.#all.set(true);
  }

  clear(): void {
    this.#anchor = null;
    this.#set(new Map());
  }

  /** The chosen rows. All results are read page by page, before anything is done with them. */
  async rows(stopped: () => boolean = () => false): Promise<T[]> {
    if (!this.#all()) return [...this.#picked().values()];
    const params = this.list.params();
    const rows = new Map<string, T>();
    let cursor: string | null = null;
    while (params && !stopped()) {
      const page: Page<T> = await this.list.load({ ...params, limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      for (const row of page.data) rows.set(row.id, row);
      cursor = page.meta.next ?? null;
      if (cursor === null) break;
    }
    return [...rows.values()];
  }

  #set(picked: ReadonlyMap<string, T>): void {
    this.#all.set(false);
    this.#picked.set(picked);
  }
}
