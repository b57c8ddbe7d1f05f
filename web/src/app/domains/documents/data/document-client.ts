/** Documents on the server: which there are and can be made, drafts while typing, and the files. */
import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { addSignedCopy } from '../../../api/fn/documents/add-signed-copy';
import { createDocuments } from '../../../api/fn/documents/create-documents';
import { listDocumentSendings } from '../../../api/fn/documents/list-document-sendings';
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
import { sendDocument } from '../../../api/fn/documents/send-document';
import { DocumentSending } from '../../../api/models/document-sending';
import { DocumentSendings } from '../../../api/models/document-sendings';
import { NewDocumentSending } from '../../../api/models/new-document-sending';
import { NewDocuments } from '../../../api/models/new-documents';
import { OpportuniteDocuments } from '../../../api/models/opportunite-documents';
import { SignedCopy } from '../../../api/models/signed-copy';
import { Upload } from '../../../api/models/upload';
import { Download } from '../../../shared/http/download';

@Injectable({ providedIn: 'root' })
export class DocumentClient {
  readonly #api = inject(Api);
  readonly #http = inject(HttpClient);
  readonly #download = inject(Download);

  list(opportunite: string): Promise<OpportuniteDocuments> {
    return this.#api.invoke(listDocuments, { id: opportunite });
  }

  /** The documents that are issued pieces, the last of each; reminders only speak of them. */
  async issued(opportunite: string): Promise<Document[]> {
    const { kinds, data } = await this.list(opportunite);
    const issued = new Set(kinds.filter((kind) => kind.issued).map(({ id }) => id));
    return data.filter(({ kind, state, latest }) => issued.has(kind) && state === 'ready' && latest);
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

  /** The mails of a document, and what the next one can say. */
  sendings({ id }: Document): Promise<DocumentSendings> {
    return this.#api.invoke(listDocumentSendings, { id });
  }

  send({ id }: Document, body: NewDocumentSending): Promise<DocumentSending> {
    return this.#api.invoke(sendDocument, { id, body });
  }

  /** Keeps a file as the signed copy of a document. */
  async sign({ id }: Document, file: File, said: { signedOn: string; signatory: string }): Promise<SignedCopy> {
    const upload = await firstValueFrom(
      this.#http.post<Upload>(`${this.#api.rootUrl}/api/uploads`, file, {
        params: { name: file.name },
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    );
    return this.#api.invoke(addSignedCopy, { id, body: { ...said, uploadId: upload.id } });
  }

  copy({ id }: Document, { number }: SignedCopy): Promise<Blob> {
    const path = `${this.#api.rootUrl}/api/documents/${id}/signed-copies/${number}/preview`;
    return firstValueFrom(this.#http.get(path, { responseType: 'blob' }));
  }

  saveCopy({ id }: Document, { number, name }: SignedCopy): Promise<void> {
    return this.#download.file(`/api/documents/${id}/signed-copies/${number}/content`, name);
  }
}
