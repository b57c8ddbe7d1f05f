/**
 * The system's theme, unless the user chose light or dark. A class on the document root forces the scheme; the tokens
 * follow.
 */
import { DOCUMENT } from '@angular/common';
import { Injectable, inject, signal } from '@angular/core';
import { recall, remember } from './storage';

export type ThemeName = 'system' | 'light' | 'dark';

const KEY = 'afpi.theme';

@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #root = inject(DOCUMENT).documentElement;
  readonly #name = signal<ThemeName>(known(recall(KEY)));
  readonly name = this.#name.asReadonly();

  use(name: ThemeName): void {
    this.#name.set(name);
    remember(KEY, name);
    this.apply();
  }

  apply(): void {
    this.#root.classList.toggle('light', this.name() === 'light');
    this.#root.classList.toggle('dark', this.name() === 'dark');
  }
}

function known(value: string | null): ThemeName {
  return value === 'dark' || value === 'light' ? value : 'system';
}
