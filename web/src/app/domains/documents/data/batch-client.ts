/** Batches of documents on the server: those of a session's trainees, and the reminders that are due. */
import { Injectable, inject } from '@angular/core';
import { Api } from '../../../api/api';
import { getDocumentBatch } from '../../../api/fn/documents/get-document-batch';
import { planReminders } from '../../../api/fn/documents/plan-reminders';
import { planSessionDocuments } from '../../../api/fn/documents/plan-session-documents';
import { previewReminder } from '../../../api/fn/documents/preview-reminder';
import { sendReminders } from '../../../api/fn/documents/send-reminders';
import { sendSessionDocuments } from '../../../api/fn/documents/send-session-documents';
import { DocumentBatch } from '../../../api/models/document-batch';
import { DocumentBatchKind } from '../../../api/models/document-batch-kind';
import { DocumentBatchPlan } from '../../../api/models/document-batch-plan';
import { DocumentPreview } from '../../../api/models/document-preview';
import { NewReminderLetter } from '../../../api/models/new-reminder-letter';

/** Where the documents come from: a session, or the reminders of a site (without one: of all sites), of one payer or all. */
export interface BatchSource {
  session?: string;
  localisationId?: string;
  /** The key of a payer. */
  payer?: string;
}

/** What was chosen of a plan: trainees by id, reminders as letters. */
export interface Chosen {
  kind: string;
  language: string;
  subjects: string[];
  letters: NewReminderLetter[];
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
    return this.#api.invoke(planReminders, { ...site(source), ...(source.payer ? { payer: source.payer } : {}) });
  }

  start(source: BatchSource, { kind, language, subjects, letters }: Chosen): Promise<DocumentBatch> {
    if (source.session) {
      const chosen = subjects.map((id) => ({ id }));
      return this.#api.invoke(sendSessionDocuments, { id: source.session, body: { kind, language, subjects: chosen } });
    }
    return this.#api.invoke(sendReminders, { body: { letters } });
  }

  /** The letter about these pieces, as it would be made now. */
  preview(pieces: string[]): Promise<DocumentPreview> {
    return this.#api.invoke(previewReminder, { body: { pieces } });
  }

  look({ id }: DocumentBatch): Promise<DocumentBatch> {
    return this.#api.invoke(getDocumentBatch, { id });
  }
}

function site(source: BatchSource): { localisationId?: string } {
  return source.localisationId ? { localisationId: source.localisationId } : {};
}
