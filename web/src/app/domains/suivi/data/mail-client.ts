/** Mails that people share, on the server. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { deleteCourriel } from '../../../api/fn/courriels/delete-courriel';
import { fileCourriel } from '../../../api/fn/courriels/file-courriel';
import { getCourrielAddress } from '../../../api/fn/courriels/get-courriel-address';
import { listCourriels } from '../../../api/fn/courriels/list-courriels';
import { search } from '../../../api/fn/search/search';
import { Courriel } from '../../../api/models/courriel';
import { Changes } from '../../../shared/http/changes';
import { Place } from '../util/place';

@Injectable({ providedIn: 'root' })
export class MailClient {
  readonly #api = inject(Api);
  readonly #changes = inject(Changes);

  /** The address of the drop box; none where there is no such thing. */
  async address(): Promise<string | null> {
    return (await this.#api.invoke(getCourrielAddress)).address ?? null;
  }
  /** One's mails that belong to no record yet. */
  async pending(): Promise<Courriel[]> {
    return (await this.#api.invoke(listCourriels)).data;
  }
  file(mail: Courriel, { kind, id }: Place): Promise<void> {
    return this.#changes.after('courriels', this.#api.invoke(fileCourriel, { id: mail.id, body: { kind, id } }));
  }
  remove(mail: Courriel): Promise<void> {
    return this.#changes.after('courriels', this.#api.invoke(deleteCourriel, { id: mail.id }));
  }
  /** The opportunités, companies and contacts that fit these words. */
  async places(words: string): Promise<Place[]> {
    const { groups } = await this.#api.invoke(search, { q: words });
    return groups.flatMap(({ kind, hits }): Place[] => {
      if (kind === 'opportunite') return hits.map((hit) => ({ kind: 'opportunites', id: hit.id, hit }));
      if (kind === 'entreprise') return hits.map((hit) => ({ kind: 'entreprises', id: hit.id, hit }));
      if (kind === 'contact') return hits.map((hit) => ({ kind: 'contacts', id: hit.id, hit }));
      return [];
    });
  }
}
