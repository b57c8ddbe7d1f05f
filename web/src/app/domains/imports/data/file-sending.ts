/** Hands in a file and reports the progress. */
import { HttpClient, HttpEventType } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { lastValueFrom, tap } from 'rxjs';
import { Api } from '../../../api/api';
import { listImports } from '../../../api/fn/imports/list-imports';
import { Import } from '../../../api/models/import';
import { ImportKind } from '../../../api/models/import-kind';
import { mediaType } from '../util/files';

@Injectable({ providedIn: 'root' })
export class FileSending {
  readonly #http = inject(HttpClient);
  readonly #api = inject(Api);

  /**
   * `progress` gets the sent part, 0 to 1. The generated call would read the file into a text and report no progress.
   */
  async send(file: File, kind: ImportKind, localisationId: string, progress: (part: number) => void): Promise<Import> {
    const events = this.#http.post<Import>(this.#api.rootUrl + listImports.PATH, file, {
      params: { name: file.name, kind, localisationId },
      headers: { 'Content-Type': mediaType(file.name) },
      observe: 'events',
      reportProgress: true,
    });
    const last = await lastValueFrom(
      events.pipe(
        tap((event) => {
          if (event.type === HttpEventType.UploadProgress) progress(event.loaded / (event.total ?? file.size));
        }),
      ),
    );
    if (last.type !== HttpEventType.Response || !last.body) throw new Error('the answer to a file has no body');
    return last.body;
  }
}
