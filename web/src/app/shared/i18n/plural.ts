/**
 * `{{n}} champ{{n||s}} modifié{{n||s}}`: the text before the second bar is the singular, the text after it the plural.
 */
import { Injectable, Injector, inject } from '@angular/core';
import { DefaultTranspiler, TranslocoService, TranspileParams } from '@jsverse/transloco';

const CHOICE = /\{\{\s*(\w+)\s*\|([^|{}]*)\|([^|{}]*)\}\}/g;

/** Inserts the form for the number in this language; French says « 0 champ », English “0 fields”. */
export function pluralised(text: string, params: Record<string, unknown>, lang: string): string {
  return text.replace(CHOICE, (_, name: string, one: string, several: string) => {
    // A number may come formatted, with its thousands grouped.
    const given = params[name];
    const count = typeof given === 'string' ? Number(given.replace(/\D/g, '')) : Number(given ?? 0);
    return new Intl.PluralRules(lang).select(count) === 'one' ? one : several;
  });
}

@Injectable()
export class PluralTranspiler extends DefaultTranspiler {
  readonly #injector = inject(Injector);

  override transpile(asked: TranspileParams): unknown {
    const { value, params } = asked;
    if (typeof value !== 'string' || !value.includes('|')) return super.transpile(asked) as unknown;
    // The service that calls this one does not exist yet when this one is created.
    const lang = this.#injector.get(TranslocoService).getActiveLang();
    return super.transpile({ ...asked, value: pluralised(value, params ?? {}, lang) }) as unknown;
  }
}
