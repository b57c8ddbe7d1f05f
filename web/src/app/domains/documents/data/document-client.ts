/** Documents on the server: which there are and can be made, drafts while typing, and the files. */
import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { createDocuments } from '../../../api/fn/documents/create-documents';
import { listDocuments } from '../../../api/fn/documents/list-documents';
import { previewDocumentDraft } from '../../../api/fn/documents/preview-document-draft';
import { retryDocument } from '../../../api/fn/documents/retry-document';
import { listEntiteLegaleDocuments } from '../../../api/fn/entites/list-entite-legale-documents';
import { previewEntiteLegaleDocument } from '../../../api/fn/entites/preview-entite-legale-document';
import { Document } from '../../../api/models/document';
import { DocumentPreview } from '../../../api/models/document-preview';
import { DocumentPreviewRequest } from '../../../api/models/document-preview-request';
import { ExampleDocumentKind } from '../../../api/models/example-document-kind';
import { ExampleDocumentRequest } from '../../../api/models/example-document-request';
import { NewDocuments } from '../../../api/models/new-documents';
import { OpportuniteDocuments } from '../../../api/models/opportunite-documents';
import { Download } from '../../../shared/http/download';

@Injectable({ providedIn: 'root' })
export class DocumentClient {
  readonly #api = inject(Api);
  readonly #http = inject(HttpClient);
  readonly #download = inject(Download);

  list(opportunite: string): Promise<OpportuniteDocuments> {
    return this.#api.invoke(listDocuments, { id: opportunite });
  }

  async make(opportunite: string, body: NewDocuments): Promise<Document[]> {
    return (await this.#api.invoke(createDocuments, { id: opportunite, body })).data;
  }

  async retry({ id }: Document): Promise<void> {
    await this.#api.invoke(retryDocument, { id });
  }

  /** The pages as they would be. */
  draft(opportunite: string, body: DocumentPreviewRequest): Promise<DocumentPreview> {
    return this.#api.invoke(previewDocumentDraft, { id: opportunite, body });
  }

  /** The documents in which a legal entity can be seen. */
  async examples(entite: string): Promise<ExampleDocumentKind[]> {
    return (await this.#api.invoke(listEntiteLegaleDocuments, { id: entite })).data;
  }

  /** One of them, with an example of everything else. */
  example(entite: string, body: ExampleDocumentRequest): Promise<DocumentPreview> {
    return this.#api.invoke(previewEntiteLegaleDocument, { id: entite, body });
  }

  pdf({ id }: Document): Promise<Blob> {
    return firstValueFrom(this.#http.get(`${this.#api.rootUrl}/api/documents/${id}/preview`, { responseType: 'blob' }));
  }

  save({ id, fileName }: Document): Promise<void> {
    return this.#download.file(`/api/documents/${id}/content`, `${fileName}.pdf`);
  }

  saveInvoice({ id, fileName }: Document): Promise<void> {
    return this.#download.file(`/api/documents/${id}/invoice`, `${fileName}.xml`);
  }
}
