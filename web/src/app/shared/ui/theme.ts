/**
 * The system's theme, unless the user chose light or dark. A class on the document root forces the scheme; the tokens
 * follow.
 */
import { DOCUMENT } from '@angular/common';
import { Injectable, computed, inject, signal } from '@angular/core';
import { recall, remember } from './storage';

export type ThemeName = 'system' | 'light' | 'dark';

const KEY = 'afpi.theme';

@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #root = inject(DOCUMENT).documentElement;
  readonly #system = inject(DOCUMENT).defaultView?.matchMedia('(prefers-color-scheme: dark)');
  readonly #systemDark = signal(this.#system?.matches ?? false);
  readonly #name = signal<ThemeName>(known(recall(KEY)));
  readonly name = this.#name.asReadonly();
  /** The present theme, for drawings that read their colours once. */
  readonly dark = computed(() => (this.name() === 'system' ? this.#systemDark() : this.name() === 'dark'));

  constructor() {
    this.#system?.addEventListener('change', ({ matches }) => {
      this.#systemDark.set(matches);
    });
  }

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
