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

  /** Parts that were added after the start. */
  readonly #added: Texts[] = [];
  /** Ends when all parts are there in the present language: changes follow one another. */
  #settled = Promise.resolve();

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

  /** Adds texts that the first page does not need. Ends when they can be shown. */
  add(texts: Texts): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#added.includes(texts)) return;
      await this.#merge(texts, this.current());
      this.#added.push(texts);
    });
  }

  #show(lang: Lang): Promise<void> {
    return this.#inTurn(async () => {
      await firstValueFrom(this.#transloco.load(lang));
      await Promise.all(this.#added.map((texts) => this.#merge(texts, lang)));
      this.#transloco.setActiveLang(lang);
      this.#document.documentElement.lang = lang;
      this.#current.set(lang);
    });
  }

  async #merge(texts: Texts, lang: Lang): Promise<void> {
    this.#transloco.setTranslation(spelled(await texts[lang](), lang), lang);
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#settled.then(run);
    this.#settled = turn.catch(() => undefined);
    return turn;
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
    return spelled(Object.assign({}, ...parts) as Translation, lang);
  }
}

/** French binds its punctuation to the word before it. */
function spelled(words: Translation, lang: string): Translation {
  return lang === 'en' ? words : boundAll(words);
}

/** The shared texts, and those of the given parts: the texts of the first page. */
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
