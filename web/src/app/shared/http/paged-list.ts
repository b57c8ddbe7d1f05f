/**
 * A list read page by page with keyset cursors. It reloads when its parameters change, keeps its rows meanwhile, and
 * never lets an old answer overwrite a newer one.
 */
import { Signal, computed, effect, signal, untracked } from '@angular/core';

export interface Page<T> {
  data: T[];
  /** Not exact: there are more rows than `total`. */
  meta: { total: number; exact: boolean; limit: number; next?: string | null };
}

export class PagedList<T, P extends object> {
  readonly #items = signal<T[]>([]);
  readonly #total = signal(0);
  readonly #exact = signal(true);
  readonly #next = signal<string | null>(null);
  readonly #busy = signal<'first' | 'again' | 'more' | null>('first');
  readonly #error = signal<unknown>(null);
  #turn = 0;

  readonly items = this.#items.asReadonly();
  readonly total = this.#total.asReadonly();
  /** False: there are more rows than `total`. `count` counts them. */
  readonly exact = this.#exact.asReadonly();
  readonly error = this.#error.asReadonly();
  /** `first`: nothing to show yet; `again`: rows are stale; `more`: a further page is coming. */
  readonly busy = this.#busy.asReadonly();
  readonly hasMore = computed(() => this.#next() !== null);
  readonly isEmpty = computed(() => this.#busy() === null && this.#error() === null && this.#items().length === 0);

  /**
   * Create it in an injection context: the reload is an effect of the list's page. It waits while the parameters are
   * `null`.
   */
  constructor(
    readonly params: Signal<P | null>,
    readonly load: (params: P & { cursor?: string; count?: 'exact' }) => Promise<Page<T>>,
  ) {
    effect(() => {
      const current = params();
      if (current)
        untracked(() => {
          void this.reload();
        });
    });
  }

  async reload(): Promise<void> {
    const params = this.params();
    if (!params) return;
    const turn = ++this.#turn;
    this.#busy.set(this.#items().length ? 'again' : 'first');
    await this.#read(turn, params, null);
  }

  async more(): Promise<void> {
    const params = this.params();
    const cursor = this.#next();
    if (!params || cursor === null || this.#busy()) return;
    this.#busy.set('more');
    await this.#read(this.#turn, params, cursor);
  }

  /** Counts all rows. */
  async count(): Promise<void> {
    const params = this.params();
    const turn = this.#turn;
    if (!params) return;
    const { meta } = await this.load({ ...params, count: 'exact' });
    if (turn === this.#turn) this.#counted(meta);
  }

  /** Changes rows in place, e.g. after one was marked as read. */
  patch(change: (items: T[]) => T[]): void {
    this.#items.update(change);
  }

  async #read(turn: number, params: P, cursor: string | null): Promise<void> {
    try {
      const page = await this.load(cursor === null ? params : { ...params, cursor });
      if (turn !== this.#turn) return;
      this.#items.update((items) => (cursor === null ? page.data : [...items, ...page.data]));
      // What was counted whole stays while further pages come.
      if (cursor === null || page.meta.exact) this.#counted(page.meta);
      this.#next.set(page.meta.next ?? null);
      this.#error.set(null);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#error.set(error);
    }
    this.#busy.set(null);
  }

  #counted({ total, exact }: Page<T>['meta']): void {
    this.#total.set(total);
    this.#exact.set(exact);
  }
}

/** The part of a list that its display needs, for all rows and parameters. */
export type Pages = Pick<
  PagedList<unknown, object>,
  'items' | 'total' | 'exact' | 'count' | 'error' | 'busy' | 'hasMore' | 'isEmpty' | 'reload' | 'more'
>;
