/** Route titles are translation keys; the browser tab shows `Opportunités · AFPI CRM` in the current language. */
import { Injectable, effect, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { Language } from './language';

@Injectable({ providedIn: 'root' })
export class TranslatedTitle extends TitleStrategy {
  readonly #title = inject(Title);
  readonly #transloco = inject(TranslocoService);
  readonly #language = inject(Language);
  readonly #key = signal<string | undefined>(undefined);

  constructor() {
    super();
    effect(() => {
      this.#language.current();
      const key = this.#key();
      this.#title.setTitle(key ? `${this.#transloco.translate(key)} · AFPI CRM` : 'AFPI CRM');
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.#key.set(this.buildTitle(snapshot));
  }
}
