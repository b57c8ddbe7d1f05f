/** Plugin icons, fetched once per file: a plain `<img>` sends no token. */
import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { getPluginIcon } from '../../../api/fn/plugins/get-plugin-icon';

/** The icon's file. */
export interface IconSource {
  id: string;
  version: string;
  sha256: string;
}

@Injectable({ providedIn: 'root' })
export class Icons {
  readonly #http = inject(HttpClient);
  readonly #api = inject(Api);
  readonly #known = new Map<string, Promise<string | null>>();

  /** An address for `<img>`, in which an SVG runs and loads nothing; `null` without an available icon. */
  of(source: IconSource): Promise<string | null> {
    const known = this.#known.get(source.sha256) ?? this.#fetch(source);
    this.#known.set(source.sha256, known);
    return known;
  }

  async #fetch({ id, version, sha256 }: IconSource): Promise<string | null> {
    const path = getPluginIcon.PATH.replace('{id}', encodeURIComponent(id)).replace(
      '{version}',
      encodeURIComponent(version),
    );
    try {
      const svg = await firstValueFrom(this.#http.get(this.#api.rootUrl + path, { responseType: 'text' }));
      return svg ? `data:image/svg+xml,${encodeURIComponent(svg)}` : null;
    } catch {
      this.#known.delete(sha256);
      return null;
    }
  }
}
