/** Trainees on the server: all that the user sees, and those of an opportunité, added one by one or pasted, changed and removed. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { createStagiaire } from '../../../api/fn/stagiaires/create-stagiaire';
import { createStagiaires } from '../../../api/fn/stagiaires/create-stagiaires';
import { deleteStagiaire } from '../../../api/fn/stagiaires/delete-stagiaire';
import { getStagiaire } from '../../../api/fn/stagiaires/get-stagiaire';
import { listOpportuniteStagiaires } from '../../../api/fn/stagiaires/list-opportunite-stagiaires';
import { ListStagiaires$Params, listStagiaires } from '../../../api/fn/stagiaires/list-stagiaires';
import { previewStagiaires } from '../../../api/fn/stagiaires/preview-stagiaires';
import { updateStagiaire } from '../../../api/fn/stagiaires/update-stagiaire';
import { Stagiaire } from '../../../api/models/stagiaire';
import { StagiaireCreate } from '../../../api/models/stagiaire-create';
import { StagiaireItem } from '../../../api/models/stagiaire-item';
import { StagiaireUpdate } from '../../../api/models/stagiaire-update';
import { StagiairesOfOpportunite } from '../../../api/models/stagiaires-of-opportunite';
import { StagiairesPreview } from '../../../api/models/stagiaires-preview';
import { Page } from '../../../shared/http/paged-list';

@Injectable({ providedIn: 'root' })
export class StagiaireClient {
  readonly #api = inject(Api);

  list(params: ListStagiaires$Params): Promise<Page<StagiaireItem>> {
    return this.#api.invoke(listStagiaires, params);
  }
  of(opportunite: string): Promise<StagiairesOfOpportunite> {
    return this.#api.invoke(listOpportuniteStagiaires, { id: opportunite });
  }
  get(id: string): Promise<Stagiaire> {
    return this.#api.invoke(getStagiaire, { id });
  }
  add(opportunite: string, body: StagiaireCreate): Promise<Stagiaire> {
    return this.#api.invoke(createStagiaire, { id: opportunite, body });
  }
  async addAll(opportunite: string, stagiaires: StagiaireCreate[]): Promise<number> {
    return (await this.#api.invoke(createStagiaires, { id: opportunite, body: { stagiaires } })).added;
  }
  preview(opportunite: string, text: string): Promise<StagiairesPreview> {
    return this.#api.invoke(previewStagiaires, { id: opportunite, body: { text } });
  }
  change({ id, version }: { id: string; version: number }, body: StagiaireUpdate): Promise<Stagiaire> {
    return this.#api.invoke(updateStagiaire, { id, 'If-Match': `"${version}"`, body });
  }
  remove({ id, version }: { id: string; version: number }): Promise<void> {
    return this.#api.invoke(deleteStagiaire, { id, 'If-Match': `"${version}"` });
  }
}
