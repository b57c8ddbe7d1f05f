/** Takes a file that needs the session to the disk: a plain link would carry no token. */
import { HttpClient } from '@angular/common/http';
import { DOCUMENT, Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { getPluginRecording } from '../../../api/fn/plugins/get-plugin-recording';
import { LocalisationRef } from '../../../api/models/localisation-ref';

@Injectable({ providedIn: 'root' })
export class Download {
  readonly #http = inject(HttpClient);
  readonly #api = inject(Api);
  readonly #document = inject(DOCUMENT);

  /** The recordings of a site as JSON lines, which may be large: never read as text here. */
  async recording(plugin: string, { id, code }: LocalisationRef): Promise<void> {
    const path = getPluginRecording.PATH.replace('{id}', encodeURIComponent(plugin)).replace('{localisationId}', id);
    const blob = await firstValueFrom(this.#http.get(this.#api.rootUrl + path, { responseType: 'blob' }));
    const address = URL.createObjectURL(blob);
    const link = this.#document.createElement('a');
    link.href = address;
    link.download = `${plugin}-${code}.jsonl`;
    link.click();
    // The browser has taken the address by the next turn.
    setTimeout(() => { URL.revokeObjectURL(address); });
  }
}
