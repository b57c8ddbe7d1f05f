/** Companies of the directory that fill in a form: found by name, SIRET or city. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { listEntreprises } from '../../../api/fn/entreprises/list-entreprises';
import { formatSiret } from '../../../shared/forms/siret';
import { SuggestSource, Suggestion } from '../../../shared/schema-form/sources';

@Injectable({ providedIn: 'root' })
export class EntrepriseSuggestions implements SuggestSource {
  readonly #api = inject(Api);

  async suggest(text: string): Promise<Suggestion[]> {
    const q = text.trim();
    // The directory is long: its beginning helps nobody.
    if (q.length < 2) return [];
    const { data } = await this.#api.invoke(listEntreprises, { q, limit: 8, active: true });
    return data.map(({ name, siret, address }) => ({
      label: name,
      detail: [siret ? formatSiret(siret) : '', address.city ?? ''].filter(Boolean).join(' · '),
      values: { name, siret: siret ?? null },
    }));
  }
}
