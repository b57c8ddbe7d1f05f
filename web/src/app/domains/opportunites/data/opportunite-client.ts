/** Calls on one opportunité with its version, so that nobody overwrites unseen changes. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getOpportunite } from '../../../api/fn/opportunites/get-opportunite';
import { putSection } from '../../../api/fn/opportunites/put-section';
import { transition } from '../../../api/fn/opportunites/transition';
import { updateOpportunite } from '../../../api/fn/opportunites/update-opportunite';
import { Opportunite } from '../../../api/models/opportunite';
import { OpportuniteUpdate } from '../../../api/models/opportunite-update';
import { JsonObject } from '../../../shared/schema-form/schema';

type Versioned = Pick<Opportunite, 'id' | 'version'>;

@Injectable({ providedIn: 'root' })
export class OpportuniteClient {
  readonly #api = inject(Api);

  async get(id: string): Promise<Opportunite> {
    return (await this.#api.invoke(getOpportunite, { id })).opportunite;
  }
  async update(record: Versioned, body: OpportuniteUpdate): Promise<Opportunite> {
    return (await this.#api.invoke(updateOpportunite, { ...seen(record), body })).opportunite;
  }
  async putSection(record: Versioned, section: string, body: JsonObject): Promise<Opportunite> {
    return (await this.#api.invoke(putSection, { ...seen(record), section, body })).opportunite;
  }
  async transition(record: Versioned, name: string, body: JsonObject): Promise<Opportunite> {
    return (await this.#api.invoke(transition, { ...seen(record), name, body })).opportunite;
  }
}

function seen({ id, version }: Versioned): { id: string; 'If-Match': string } {
  return { id, 'If-Match': `"${version}"` };
}
