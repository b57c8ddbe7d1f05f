/** Legal entities and sites on the server, with the logo. */
import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { deleteEntiteLegaleLogo } from '../../../api/fn/entites/delete-entite-legale-logo';
import { listEntitesLegales } from '../../../api/fn/entites/list-entites-legales';
import { setEntiteLegaleLogo } from '../../../api/fn/entites/set-entite-legale-logo';
import { updateEntiteLegale } from '../../../api/fn/entites/update-entite-legale';
import { getLocalisation } from '../../../api/fn/localisations/get-localisation';
import { updateLocalisation } from '../../../api/fn/localisations/update-localisation';
import { EntiteLegale } from '../../../api/models/entite-legale';
import { Localisation } from '../../../api/models/localisation';
import { Upload } from '../../../api/models/upload';
import { JsonObject } from '../../../shared/schema-form/schema';

@Injectable({ providedIn: 'root' })
export class EntiteClient {
  readonly #api = inject(Api);
  readonly #http = inject(HttpClient);

  async list(): Promise<EntiteLegale[]> {
    return (await this.#api.invoke(listEntitesLegales)).data;
  }

  /** The sites of a legal entity, complete. */
  sites({ localisations }: EntiteLegale): Promise<Localisation[]> {
    return Promise.all(localisations.map(({ id }) => this.#api.invoke(getLocalisation, { id })));
  }

  change({ id, version }: EntiteLegale, body: JsonObject): Promise<EntiteLegale> {
    return this.#api.invoke(updateEntiteLegale, { id, 'If-Match': `"${version}"`, body });
  }

  changeSite({ id, version }: Localisation, body: JsonObject): Promise<Localisation> {
    return this.#api.invoke(updateLocalisation, { id, 'If-Match': `"${version}"`, body });
  }

  async setLogo({ id, version }: EntiteLegale, file: File): Promise<EntiteLegale> {
    const upload = await firstValueFrom(
      this.#http.post<Upload>(`${this.#api.rootUrl}/api/uploads`, file, {
        params: { name: file.name },
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    );
    const body = { uploadId: upload.id };
    return this.#api.invoke(setEntiteLegaleLogo, { id, 'If-Match': `"${version}"`, body });
  }

  removeLogo({ id, version }: EntiteLegale): Promise<EntiteLegale> {
    return this.#api.invoke(deleteEntiteLegaleLogo, { id, 'If-Match': `"${version}"` });
  }

  logo({ id }: EntiteLegale): Promise<Blob> {
    const address = `${this.#api.rootUrl}/api/entites-legales/${id}/logo`;
    return firstValueFrom(this.#http.get(address, { responseType: 'blob' }));
  }
}
