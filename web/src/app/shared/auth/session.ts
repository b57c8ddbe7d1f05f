/**
 * Who is signed in. The access token lives in memory only; the refresh token is an HttpOnly cookie this code never
 * sees. A refresh token is good for one use and a replayed one ends its family, so refreshing is single-flight in this
 * page and serialised over all tabs by a Web Lock.
 */
import { HttpContext, HttpContextToken } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
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

/** Says that a cookie may exist, so that a first visit does not begin with a refused request. */
const HINT = 'afpi.signed-in';

@Injectable({ providedIn: 'root' })
export class Session {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #language = inject(Language);
  readonly #answer = signal<SessionAnswer | null>(null);
  #refreshing: Promise<boolean> | null = null;

  readonly token = computed(() => this.#answer()?.token ?? null);
  readonly me = computed<Me | null>(() => this.#answer()?.user ?? null);

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
    const answer = await this.#api.invoke(login, { body: { email, password } }, bare());
    this.#accept(answer);
  }

  /** A fresh access token; `false` when there is no session any more. Rejects when the server is away: that ends nothing. */
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
    await this.#router.navigate(['/connexion'], { queryParams: { retour: this.#router.url, fin: 1 } });
  }

  forget(): void {
    this.#answer.set(null);
    remember(HINT, null);
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

  #accept(answer: SessionAnswer): void {
    this.#answer.set(answer);
    remember(HINT, '1');
    void this.#language.follow(answer.user.locale === 'en' ? 'en' : 'fr');
  }

  async #locked<T>(run: () => Promise<T>): Promise<T> {
    return 'locks' in navigator ? await navigator.locks.request('afpi-refresh', run) : run();
  }
}

function bare(): HttpContext {
  return new HttpContext().set(WITHOUT_TOKEN, true);
}
