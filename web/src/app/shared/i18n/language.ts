/** The interface's language: French first, English beside it, switched at run time and remembered in this browser. */
import { DOCUMENT } from '@angular/common';
import { EnvironmentProviders, Injectable, InjectionToken, Provider, computed, inject, signal } from '@angular/core';
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
  /** BCP 47 tag for `Intl`. British English keeps the day-month order and the users' euro format. */
  readonly tag = computed(() => (this.current() === 'fr' ? 'fr-FR' : 'en-GB'));

  /** Loads the remembered language before the first page shows. */
  start(): Promise<void> {
    return this.use(this.current());
  }

  /** Uses the account's language in a browser without its own choice yet. */
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

/** Texts of one part of the application, by language: lazy files of the build, without external requests. */
export type Texts = Record<Lang, () => Promise<Translation>>;

const SHARED: Texts = { fr: async () => (await import('./fr')).fr, en: async () => (await import('./en')).en };
const TEXTS = new InjectionToken<readonly Texts[]>('TEXTS');

@Injectable()
class TextsLoader implements TranslocoLoader {
  readonly #parts = inject(TEXTS);

  async getTranslation(lang: string): Promise<Translation> {
    const parts = await Promise.all(this.#parts.map((texts) => texts[lang === 'en' ? 'en' : 'fr']()));
    const all = Object.assign({}, ...parts) as Translation;
    return lang === 'en' ? all : boundAll(all);
  }
}

/** The shared texts, and those of the given parts. */
export function provideTranslations(...parts: Texts[]): (Provider | EnvironmentProviders)[] {
  return [
    { provide: TEXTS, useValue: [SHARED, ...parts] },
    provideTransloco({
      config: { availableLangs: ['fr', 'en'], defaultLang: 'fr', reRenderOnLangChange: true, prodMode: true },
      loader: TextsLoader,
    }),
    provideTranslocoTranspiler(PluralTranspiler),
  ];
}
