/** Legal entities for the form of a product. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { listEntitesLegales } from '../../../api/fn/entites/list-entites-legales';
import { Choice, LookupSource } from '../../../shared/schema-form/sources';

@Injectable({ providedIn: 'root' })
export class EntiteLookup implements LookupSource {
  readonly #api = inject(Api);

  async choices(): Promise<Choice[]> {
    const { data } = await this.#api.invoke(listEntitesLegales);
    return data.map(({ id, name }) => ({ value: id, label: name, traits: [] }));
  }
}
