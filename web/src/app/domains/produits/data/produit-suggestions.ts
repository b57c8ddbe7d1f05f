/** Training products that fill in a form: found by their code, title or category. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { listProduits } from '../../../api/fn/produits/list-produits';
import { Produit } from '../../../api/models/produit';
import { Format } from '../../../shared/i18n/pipes';
import { SuggestSource, Suggestion } from '../../../shared/schema-form/sources';
import { hoursOf, quantityOf } from '../util/quantity';

@Injectable({ providedIn: 'root' })
export class ProduitSuggestions implements SuggestSource {
  readonly #api = inject(Api);
  readonly #format = inject(Format);

  async suggest(text: string, site: string | null): Promise<Suggestion[]> {
    const at = site ? { localisationId: site } : {};
    const q = text.trim();
    const { data } = await this.#api.invoke(listProduits, {
      active: true,
      limit: 8,
      sort: 'title',
      ...(q ? { q } : {}),
      ...at,
    });
    return data.map((one) => ({ label: one.title, detail: this.#detail(one), values: this.#values(one) }));
  }

  #detail(one: Produit): string {
    const hours = hoursOf(one);
    return [
      one.code,
      hours === null ? '' : `${this.#format.count(hours, 2)} h`,
      typeof one.price === 'number' ? this.#format.money(one.price) : '',
    ]
      .filter(Boolean)
      .join(' · ');
  }

  #values(one: Produit): Suggestion['values'] {
    return {
      code: one.code,
      title: one.title,
      hours: hoursOf(one),
      price: one.price ?? null,
      unit: one.priceUnit,
      quantity: quantityOf(one),
      vatRate: one.vatRate,
      objectives: one.objectives ?? null,
      prerequisites: one.prerequisites ?? null,
      programme: one.programme ?? null,
    };
  }
}
