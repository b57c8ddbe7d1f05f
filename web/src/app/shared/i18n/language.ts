/** The interface's language: French first, English beside it, switched at run time and remembered in this browser. */
import { DOCUMENT } from '@angular/common';
import { EnvironmentProviders, Injectable, Provider, computed, inject, signal } from '@angular/core';
import {
  Translation,
  TranslocoLoader,
  TranslocoService,
  provideTransloco,
  provideTranslocoTranspiler,
} from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { recall, remember } from '../ui/storage';
import { PluralTranspiler } from './plural';
import { boundAll } from './typography';

export type Lang = 'fr' | 'en';

const KEY = 'afpi.lang';

@Injectable({ providedIn: 'root' })
export class Language {
  readonly #transloco = inject(TranslocoService);
  readonly #document = inject(DOCUMENT);
  readonly #current = signal<Lang>(recall(KEY) === 'en' ? 'en' : 'fr');

  readonly current = this.#current.asReadonly();
  /** BCP 47 tag for `Intl`; British English keeps day-month order and the euro after-VAT habits of the users. */
  readonly tag = computed(() => (this.current() === 'fr' ? 'fr-FR' : 'en-GB'));

  /** Loads the remembered language before the first page shows. */
  start(): Promise<void> {
    return this.use(this.current());
  }

  /** Follows the account's language on a browser that has no choice of its own yet. */
  async follow(lang: Lang): Promise<void> {
    if (recall(KEY) === null) await this.#show(lang);
  }

  async use(lang: Lang): Promise<void> {
    await this.#show(lang);
    remember(KEY, lang);
  }

  async #show(lang: Lang): Promise<void> {
    await firstValueFrom(this.#transloco.load(lang));
    this.#transloco.setActiveLang(lang);
    this.#document.documentElement.lang = lang;
    this.#current.set(lang);
  }
}

/** Language files are lazy chunks of the build: no request outside the application's own files. */
class ChunkLoader implements TranslocoLoader {
  async getTranslation(lang: string): Promise<Translation> {
    return lang === 'en' ? (await import('./en')).en : boundAll((await import('./fr')).fr);
  }
}

export function provideTranslations(): (Provider | EnvironmentProviders)[] {
  return [
    provideTransloco({
      config: { availableLangs: ['fr', 'en'], defaultLang: 'fr', reRenderOnLangChange: true, prodMode: true },
      loader: ChunkLoader,
    }),
    provideTranslocoTranspiler(PluralTranspiler),
  ];
}
