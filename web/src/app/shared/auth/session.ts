/**
 * The signed-in user. The access token is only in memory. The refresh token is an HttpOnly cookie that this code never
 * sees. It is valid for one use, and a replayed one ends its family. So this page refreshes one at a time, and a Web
 * Lock serialises all tabs. The cookie belongs to the browser, so signing in or out affects all tabs.
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

/** Marks calls that must neither carry a token nor trigger a refresh. */
export const WITHOUT_TOKEN = new HttpContextToken(() => false);

/**
 * The user whose cookie may exist: a first visit then does not begin with a refused request, and other tabs see
 * changes.
 */
const HINT = 'afpi.signed-in';

/** Reloads the application: no data of one person stays for the next one. */
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

  /** Does this role have the right? Only for display; the server checks. */
  can(permission: string): boolean {
    return this.me()?.permissions.includes(permission) ?? false;
  }

  /** At start: resumes the cookie's session without messages. */
  async restore(): Promise<void> {
    // An unavailable server must not prevent the start. The cookie stays.
    if (recall(HINT)) await this.refresh().catch(() => undefined);
  }

  /** `code` is that of the second factor, which the server asks for (`second-factor-required`). */
  async login(email: string, password: string, code?: string): Promise<void> {
    const body = { email, password, ...(code === undefined ? {} : { code }) };
    // After a running refresh: its refusal would otherwise end the session that begins here.
    this.#accept(await this.#locked(() => this.#api.invoke(login, { body }, bare())));
  }

  /** The role requires a second factor now: its set-up comes before anything else. */
  async mustSetUp(): Promise<void> {
    if (this.me()?.mustSetUpSecondFactor) return;
    if (await this.refresh().catch(() => false)) await this.#router.navigateByUrl('/connexion/double');
  }

  /**
   * A new access token; `false` when the session has ended. Rejects when the server is away, which does not end the
   * session.
   */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#locked(() => this.#refresh()).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** Ends the session here and on the server. When the server is away, it still ends in this browser. */
  async logout(): Promise<void> {
    try {
      // After a running refresh, so that the sent cookie is the valid one. The cookie alone identifies the session to
      // end.
      await this.#locked(() => this.#api.invoke(logout, undefined, bare()));
    } catch (error) {
      if (!isProblem(error)) throw error;
    } finally {
      this.forget();
    }
    await this.#router.navigateByUrl('/connexion');
  }

  /** The session has expired: back to the login page, which returns here later. */
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

  /** Another tab reports who is signed in now. */
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
