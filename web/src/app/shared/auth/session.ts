/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie this code never
 * sees. A refresh token is good for one use and a replayed one ends its family, so refreshing is single-flight in this
 * page and serialised over all tabs by a Web Lock. The cookie is the browser's, so who signs in or out does it in all
 * tabs.
 */
import { DOCUMENT } from '@angular/common';
import { HttpContext, HttpContextToken } from '@angular/common/http';
import { DestroyRef, Injectable, InjectionToken, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { Api } from '../../api/api';
import { login } from '../../api/fn/auth/login';
import { logout } from '../../api/fn/auth/logout';
import { refresh } from '../../api/fn/auth/refresh';
import { Me } from '../../api/models/me';
import { Session as SessionAnswer } from '../../api/models/session';
import { isProblem } from '../http/problem';
import { Language } from '../i18n/language';
import { recall, remember } from '../ui/storage';

/** Marks the calls that must neither carry a token nor trigger a refresh. */
export const WITHOUT_TOKEN = new HttpContextToken(() => false);

/**
 * Whose cookie may exist: a first visit does not begin with a refused request, and other tabs see who comes and goes.
 */
const HINT = 'afpi.signed-in';

/** Loads the application anew: nothing of one person stays in a page that goes to another. */
export const RESTART = new InjectionToken<() => void>('RESTART', {
  factory: () => {
    const { location } = inject(DOCUMENT);
    return () => {
      location.replace('/');
    };
  },
});

@Injectable({ providedIn: 'root' })
export class Session {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #language = inject(Language);
  readonly #restart = inject(RESTART);
  readonly #answer = signal<SessionAnswer | null>(null);
  /** The last person whose records this page has shown. */
  #owner: string | null = null;
  #refreshing: Promise<boolean> | null = null;

  readonly token = computed(() => this.#answer()?.token ?? null);
  readonly me = computed<Me | null>(() => this.#answer()?.user ?? null);

  constructor() {
    const changed = ({ key }: StorageEvent): void => {
      if (key === HINT) void this.#elsewhere(recall(HINT));
    };
    const window = inject(DOCUMENT).defaultView;
    window?.addEventListener('storage', changed);
    inject(DestroyRef).onDestroy(() => {
      window?.removeEventListener('storage', changed);
    });
  }

  /** May this role ever do it? Pages show by it; the server decides anyway. */
  can(permission: string): boolean {
    return this.me()?.permissions.includes(permission) ?? false;
  }

  /** At start: takes up the session of the cookie, quietly. */
  async restore(): Promise<void> {
    // A server that is away for a moment is no reason not to start; the cookie waits.
    if (recall(HINT)) await this.refresh().catch(() => undefined);
  }

  async login(email: string, password: string): Promise<void> {
    // After a renewal under way, whose refusal would otherwise end the session that begins here.
    this.#accept(await this.#locked(() => this.#api.invoke(login, { body: { email, password } }, bare())));
  }

  /**
   * A fresh access token; `false` when there is no session any more. Rejects when the server is away: that ends
   * nothing.
   */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#locked(() => this.#refresh()).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Ends the session here and on the server; the server may be away, this browser forgets all the same. */
  async logout(): Promise<void> {
    try {
      // After a renewal under way: the cookie sent is then the one that counts. It alone says whose session ends.
      await this.#locked(() => this.#api.invoke(logout, undefined, bare()));
    } catch (error) {
      if (!isProblem(error)) throw error;
    } finally {
      this.forget();
    }
    await this.#router.navigateByUrl('/connexion');
  }

  /** The session has ended: back to the login page, remembering where we were. */
  async expire(): Promise<void> {
    if (!this.me()) return;
    this.forget();
    await this.#leave();
  }

  forget(): void {
    this.#answer.set(null);
    remember(HINT, null);
  }

  async #leave(): Promise<void> {
    await this.#router.navigate(['/connexion'], { queryParams: { retour: this.#router.url, fin: 1 } });
  }

  async #refresh(): Promise<boolean> {
    try {
      this.#accept(await this.#api.invoke(refresh, undefined, bare()));
      return true;
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) throw error;
      remember(HINT, null);
      return false;
    }
  }

  /** Another tab says who is signed in now. */
  async #elsewhere(person: string | null): Promise<void> {
    if (this.me()) {
      if (person === this.#owner) return;
      this.#answer.set(null);
      if (person === null) await this.#leave();
      else this.#restart();
    } else if (person !== null && this.#router.url.startsWith('/connexion')) {
      const back: unknown =
        person === this.#owner ? this.#router.parseUrl(this.#router.url).queryParams['retour'] : null;
      await this.restore();
      if (this.me()) await this.#router.navigateByUrl(typeof back === 'string' ? back : '/');
    }
  }

  #accept(answer: SessionAnswer): void {
    const another = this.#owner !== null && this.#owner !== answer.user.id;
    this.#owner = answer.user.id;
    remember(HINT, answer.user.id);
    if (another) {
      this.#answer.set(null);
      this.#restart();
      return;
    }
    this.#answer.set(answer);
    void this.#language.follow(answer.user.locale === 'en' ? 'en' : 'fr');
  }

  async #locked<T>(run: () => Promise<T>): Promise<T> {
    return 'locks' in navigator ? await navigator.locks.request('afpi-refresh', run) : run();
  }
}

function bare(): HttpContext {
  return new HttpContext().set(WITHOUT_TOKEN, true);
}
