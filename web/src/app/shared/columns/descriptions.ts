/** The fields of records, from the server. Read once, for lists with a choice of columns. */
import { Injectable, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { listDescriptions } from '../../api/fn/descriptions/list-descriptions';
import { Description } from '../../api/models/description';
import { DescriptionField } from '../../api/models/description-field';
import { Session } from '../auth/session';

/** After a failure, the next attempt. */
const AGAIN_MS = 5000;

@Injectable({ providedIn: 'root' })
export class Descriptions {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #all = signal<Description[]>([]);
  #reading: Promise<void> | null = null;

  /** The fields of a kind of record; none until they are loaded, or while the server is away. */
  fields(kind: string): DescriptionField[] {
    return this.#all().find((one) => one.kind === kind)?.fields ?? [];
  }

  /** Loads them. While the server is away and somebody is signed in, it tries again. */
  async read(): Promise<void> {
    this.#reading ??= this.#api
      .invoke(listDescriptions, {})
      .then(({ data }) => {
        this.#all.set(data);
      })
      .catch(() => {
        this.#reading = null;
        setTimeout(() => {
          if (this.#session.me()) void this.read();
        }, AGAIN_MS);
      });
    await this.#reading;
  }
}
