/** The list that a record was opened from: its page leads on to the next record and back to the list as it was. */
import { DestroyRef, Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import { PagedList } from '../http/paged-list';
import { Row } from './selection';

export interface Place {
  /** Counted from 1. */
  at: number;
  total: number;
  exact: boolean;
  before: string | null;
  /** `undefined`: it stands on a page that is not read yet. */
  after: string | null | undefined;
  /** The address of the list, with its filters. */
  list: string;
}

type Rows = Pick<PagedList<Row, object>, 'items' | 'total' | 'exact' | 'hasMore' | 'more'>;

@Injectable({ providedIn: 'root' })
export class Trail {
  readonly #router = inject(Router);
  readonly #lists = new Map<string, { rows: Rows; url: string }>();

  /** A list whose records have their pages under `base`. Call it when the list's page is made. */
  from(base: string, rows: Rows): void {
    const list = { rows, url: base };
    this.#lists.set(base, list);
    // When the list's page goes, the address is already that of the record; the one before still stands in the router.
    inject(DestroyRef).onDestroy(() => {
      const before = this.#router.currentNavigation()?.previousNavigation?.finalUrl;
      if (before) list.url = this.#router.serializeUrl(before);
    });
  }

  place(base: string, id: string): Place | null {
    const list = this.#lists.get(base);
    const rows = list?.rows.items() ?? [];
    const at = rows.findIndex((row) => row.id === id);
    if (!list || at < 0) return null;
    return {
      at: at + 1,
      total: list.rows.total(),
      exact: list.rows.exact(),
      before: rows[at - 1]?.id ?? null,
      after: rows[at + 1]?.id ?? (list.rows.hasMore() ? undefined : null),
      list: list.url,
    };
  }

  /** Reads a further page of the list. */
  async more(base: string): Promise<void> {
    await this.#lists.get(base)?.rows.more();
  }
}
