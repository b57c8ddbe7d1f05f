/** Files of one kind of record on the server: reads, uploads with progress, attaches, changes and downloads. */
import { HttpClient, HttpEventType } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom, lastValueFrom, tap } from 'rxjs';
import { Api } from '../../../api/api';
import { createAttachment } from '../../../api/fn/attachments/create-attachment';
import { deleteAttachment } from '../../../api/fn/attachments/delete-attachment';
import { listAttachments } from '../../../api/fn/attachments/list-attachments';
import { replaceAttachment } from '../../../api/fn/attachments/replace-attachment';
import { updateAttachment } from '../../../api/fn/attachments/update-attachment';
import { Attachment } from '../../../api/models/attachment';
import { AttachmentRecordKind } from '../../../api/models/attachment-record-kind';
import { AttachmentUpdate } from '../../../api/models/attachment-update';
import { Upload } from '../../../api/models/upload';
import { Download } from '../../../shared/http/download';

/** The record that files hang on. */
export interface Holder {
  kind: AttachmentRecordKind;
  id: string;
}

@Injectable({ providedIn: 'root' })
export class AttachmentClient {
  readonly #api = inject(Api);
  readonly #http = inject(HttpClient);
  readonly #download = inject(Download);

  async list(holder: Holder): Promise<Attachment[]> {
    return (await this.#api.invoke(listAttachments, holder)).data;
  }

  /** Sends the content. `progress` is told what part has left, from 0 to 1. */
  async upload(file: File, name: string, progress: (part: number) => void): Promise<Upload> {
    const sent = this.#http
      .post<Upload>(`${this.#api.rootUrl}/api/uploads`, file, {
        params: { name },
        headers: { 'Content-Type': 'application/octet-stream' },
        observe: 'events',
        reportProgress: true,
      })
      .pipe(
        tap((event) => {
          if (event.type === HttpEventType.UploadProgress && event.total) progress(event.loaded / event.total);
        }),
      );
    const last = await lastValueFrom(sent);
    if (last.type !== HttpEventType.Response || !last.body) throw new Error('an upload ended without an answer');
    return last.body;
  }

  attach(holder: Holder, uploadId: string, section: string | null, piece?: string): Promise<Attachment> {
    const body = { uploadId, ...(section ? { section } : {}), ...(piece ? { piece } : {}) };
    return this.#api.invoke(createAttachment, { ...holder, body });
  }

  change(holder: Holder, { id, version }: Attachment, body: AttachmentUpdate): Promise<Attachment> {
    return this.#api.invoke(updateAttachment, { ...holder, attachment: id, 'If-Match': `"${version}"`, body });
  }

  replace(holder: Holder, { id, version }: Attachment, uploadId: string): Promise<Attachment> {
    const body = { uploadId };
    return this.#api.invoke(replaceAttachment, { ...holder, attachment: id, 'If-Match': `"${version}"`, body });
  }

  async remove(holder: Holder, { id, version }: Attachment): Promise<void> {
    await this.#api.invoke(deleteAttachment, { ...holder, attachment: id, 'If-Match': `"${version}"` });
  }

  /** Saves a version, by default the present one. */
  save(holder: Holder, { id, name }: Attachment, number?: number): Promise<void> {
    return this.#download.file(`${path(holder)}/${id}/content`, name, { number });
  }

  /** Saves all files as a ZIP. */
  saveAll(holder: Holder, label: string): Promise<void> {
    return this.#download.file(`${path(holder)}/export`, `${label}.zip`);
  }

  /** The content of a version that the browser can show. */
  preview(holder: Holder, { id }: Attachment, number?: number): Promise<Blob> {
    const address = `${this.#api.rootUrl}${path(holder)}/${id}/preview`;
    const params: Record<string, number> = number === undefined ? {} : { number };
    return firstValueFrom(this.#http.get(address, { params, responseType: 'blob' }));
  }
}

function path({ kind, id }: Holder): string {
  return `/api/attachments/${kind}/${id}`;
}
