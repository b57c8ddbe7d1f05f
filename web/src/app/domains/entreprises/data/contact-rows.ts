/** The contacts of a company as rows of a form's list. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { PickSource, PickedRow } from '../../../shared/schema-form/sources';

@Injectable({ providedIn: 'root' })
export class ContactRows implements PickSource {
  readonly #api = inject(Api);
  readonly label = 'entreprises.pickContact';
  readonly about = 'entreprise';
  readonly identity = ['name', 'email'];

  async rows(id: string): Promise<PickedRow[]> {
    const { contacts } = await this.#api.invoke(getEntreprise, { id });
    return contacts.map((contact) => {
      const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
      const [job, email, phone] = [contact.function ?? '', contact.email ?? '', contact.phone ?? ''];
      const detail = [job, email || phone].filter(Boolean).join(' · ');
      return { title: name, detail, values: { name, function: job, email, phone } };
    });
  }
}
