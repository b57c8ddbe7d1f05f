/** The fields of records, from the server. Read once, for lists with a choice of columns. */
import { Injectable, inject, signal } from '@angular/core';
import { Api } from '../../api/api';
import { listDescriptions } from '../../api/fn/descriptions/list-descriptions';
import { Description } from '../../api/models/description';
import { DescriptionField } from '../../api/models/description-field';

@Injectable({ providedIn: 'root' })
export class Descriptions {
  readonly #api = inject(Api);
  readonly #all = signal<Description[]>([]);
  #reading: Promise<void> | null = null;

  /** The fields of a kind of record; none until they are loaded, or while the server is away. */
  fields(kind: string): DescriptionField[] {
    return this.#all().find((one) => one.kind === kind)?.fields ?? [];
  }

  /** Loads them. The next list retries after a failure. */
  async read(): Promise<void> {
    this.#reading ??= this.#api
      .invoke(listDescriptions, {})
      .then(({ data }) => {
        this.#all.set(data);
      })
      .catch(() => {
        this.#reading = null;
      });
    await this.#reading;
  }
}
