/** The row that is shown beside its list, without leaving it. It follows the keys of the list. */
import { signal } from '@angular/core';
import { PagedList } from '../http/paged-list';
import { Row } from './selection';

export class Peek<T extends Row, P extends object = object> {
  readonly #row = signal<T | null>(null);
  readonly row = this.#row.asReadonly();

  constructor(readonly list: PagedList<T, P>) {}

  toggle(row: T): void {
    this.#row.set(this.#row()?.id === row.id ? null : row);
  }

  /** The focus is on this row now. */
  follow(row: T): void {
    if (this.#row()) this.#row.set(row);
  }

  /** Returns whether something was shown. */
  close(): boolean {
    const was = this.#row() !== null;
    this.#row.set(null);
    return was;
  }

  /** The place of the row among those shown; -1: it is no longer there. */
  at(): number {
    return this.list.items().findIndex(({ id }) => id === this.#row()?.id);
  }

  /** The next row, or the one before; a further page is read at the end. */
  async step(by: -1 | 1): Promise<void> {
    const to = Math.max(0, this.at() + by);
    if (to === this.list.items().length && this.list.hasMore()) await this.list.more();
    const row = this.list.items()[to];
    if (row) this.#row.set(row);
  }
}
