/** Downloads a file that needs the session: a plain link sends no token. */
import { HttpClient } from '@angular/common/http';
import { DOCUMENT, Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../api/api';

@Injectable({ providedIn: 'root' })
export class Download {
  readonly #http = inject(HttpClient);
  readonly #api = inject(Api);
  readonly #document = inject(DOCUMENT);

  /**
   * The answer of `path`, which may be large: never read it as text here. Undefined `params` are left out. `accept`
   * names the media type where the API offers several. `only` may leave out a part of it.
   */
  async file(
    path: string,
    name: string,
    params: Readonly<Record<string, string | number | boolean | undefined>> = {},
    accept = '*/*',
    only: (file: Blob) => Promise<Blob> = (file) => Promise.resolve(file),
  ): Promise<void> {
    const said = Object.fromEntries(
      Object.entries(params).filter((param): param is [string, string | number | boolean] => param[1] !== undefined),
    );
    const blob = await firstValueFrom(
      this.#http.get(this.#api.rootUrl + path, { params: said, headers: { Accept: accept }, responseType: 'blob' }),
    );
    const address = URL.createObjectURL(await only(blob));
    const link = this.#document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
    // The browser has read the address by the next turn.
    setTimeout(() => {
      URL.revokeObjectURL(address);
    });
  }
}
