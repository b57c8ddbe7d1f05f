/** Uploads a plugin file and reports the progress. */
import { HttpClient, HttpEventType } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { lastValueFrom, tap } from 'rxjs';
import { Api } from '../../../api/api';
import { installPlugin } from '../../../api/fn/plugins/install-plugin';
import { PluginVersion } from '../../../api/models/plugin-version';

/** The server's limit in bytes. */
const LARGEST = 12 * 1024 * 1024;

/** Why a file need not be sent; `null` when it may be valid. */
export function refusalOf(file: {
  name: string;
  size: number;
}): 'pluginInstall.empty' | 'pluginInstall.notWasm' | 'pluginInstall.tooLarge' | null {
  if (!/\.wasm$/i.test(file.name)) return 'pluginInstall.notWasm';
  if (file.size === 0) return 'pluginInstall.empty';
  return file.size > LARGEST ? 'pluginInstall.tooLarge' : null;
}

@Injectable({ providedIn: 'root' })
export class Upload {
  readonly #http = inject(HttpClient);
  readonly #api = inject(Api);

  /**
   * `progress` gets the sent part, 0 to 1. The generated call would read the file into an array of numbers and report
   * no progress.
   */
  async send(file: File, progress: (part: number) => void): Promise<PluginVersion> {
    const events = this.#http.post<PluginVersion>(this.#api.rootUrl + installPlugin.PATH, file, {
      headers: { 'Content-Type': 'application/wasm' },
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
    if (last.type !== HttpEventType.Response || !last.body) throw new Error('the answer to an upload has no body');
    return last.body;
  }
}
