/** Batches of documents on the server: those of a session's trainees, and the reminders that are due. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getDocumentBatch } from '../../../api/fn/documents/get-document-batch';
import { planReminders } from '../../../api/fn/documents/plan-reminders';
import { planSessionDocuments } from '../../../api/fn/documents/plan-session-documents';
import { sendReminders } from '../../../api/fn/documents/send-reminders';
import { sendSessionDocuments } from '../../../api/fn/documents/send-session-documents';
import { DocumentBatch } from '../../../api/models/document-batch';
import { DocumentBatchKind } from '../../../api/models/document-batch-kind';
import { DocumentBatchPlan } from '../../../api/models/document-batch-plan';

/** Where the documents come from: a session, or the reminders of a site (without one: of all sites). */
export interface BatchSource {
  session?: string;
  localisationId?: string;
}

/** What was chosen of a plan. */
export interface Chosen {
  kind: string;
  language: string;
  subjects: string[];
}

@Injectable({ providedIn: 'root' })
export class BatchClient {
  readonly #api = inject(Api);

  /** The kinds to choose from; of reminders none. */
  async kinds(source: BatchSource): Promise<DocumentBatchKind[]> {
    if (!source.session) return [];
    return (await this.#api.invoke(planSessionDocuments, { id: source.session })).kinds;
  }

  plan(source: BatchSource, kind: string): Promise<DocumentBatchPlan> {
    if (source.session) return this.#api.invoke(planSessionDocuments, { id: source.session, kind });
    return this.#api.invoke(planReminders, site(source));
  }

  start(source: BatchSource, { kind, language, subjects }: Chosen): Promise<DocumentBatch> {
    const chosen = subjects.map((id) => ({ id }));
    if (source.session) {
      return this.#api.invoke(sendSessionDocuments, { id: source.session, body: { kind, language, subjects: chosen } });
    }
    return this.#api.invoke(sendReminders, { body: { ...site(source), subjects: chosen } });
  }

  look({ id }: DocumentBatch): Promise<DocumentBatch> {
    return this.#api.invoke(getDocumentBatch, { id });
  }
}

function site(source: BatchSource): { localisationId?: string } {
  return source.localisationId ? { localisationId: source.localisationId } : {};
}
