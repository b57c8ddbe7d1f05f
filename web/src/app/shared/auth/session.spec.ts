import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { ApiConfiguration } from '../../api/api-configuration';
import { isProblem, problemInterceptor } from '../http/problem';
import { Language, provideTranslations } from '../i18n/language';
import { authInterceptor } from './auth-interceptor';
import { RESTART, Session } from './session';

const ME = {
  id: 'u',
  email: 'a@b.fr',
  name: 'Anne',
  role: 'manager',
  localisations: [],
  locale: 'fr',
  permissions: ['opportunites:create'],
  roleId: 'commercial',
  roleName: { fr: 'Commercial', en: 'Sales rep' },
  reach: 'own',
  demo: true,
  letters: true,
  mustSetUpSecondFactor: false,
};
const STALE = { type: '/problems/token-expired', title: 'Session expirée', status: 401, code: 'token-expired' };
const answer = (token: string, user = ME) => ({ token, expiresIn: 600, user });

/** The message that another tab of this browser writes. */
function elsewhere(person: string | null): void {
  if (person === null) localStorage.removeItem('afpi.signed-in');
  else localStorage.setItem('afpi.signed-in', person);
  window.dispatchEvent(new StorageEvent('storage', { key: 'afpi.signed-in', newValue: person }));
}

/** Lets promises inside the code under test settle. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('Session', () => {
  let http: HttpTestingController;
  let session: Session;
  let restarts = 0;

  beforeEach(async () => {
    localStorage.clear();
    restarts = 0;
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([authInterceptor, problemInterceptor])),
        provideHttpClientTesting(),
        provideRouter([{ path: '**', children: [] }]),
        provideTranslations(),
        { provide: ApiConfiguration, useValue: { rootUrl: '' } },
        {
          provide: RESTART,
          useValue: () => {
            restarts += 1;
          },
        },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    session = TestBed.inject(Session);
    await TestBed.inject(Language).use('fr');
  });
  afterEach(() => {
    http.verify();
  });

  async function signIn(): Promise<void> {
    const done = session.login('a@b.fr', 'secret');
    await settle();
    http.expectOne('/api/auth/login').flush(answer('one'));
    await done;
  }

  it('asks for no refresh on a first visit, and for one where a cookie may exist', async () => {
    await session.restore();
    http.expectNone('/api/auth/refresh');
    await signIn();
    const done = session.restore();
    await settle();
    http.expectOne('/api/auth/refresh').flush(answer('two'));
    await done;
    expect(session.token()).toBe('two');
    expect(session.can('opportunites:create')).toBe(true);
    expect(session.can('users:write')).toBe(false);
  });

  it('renews a stale token once for all calls that need it, and repeats them', async () => {
    await signIn();
    const client = TestBed.inject(HttpClient);
    const calls = [firstValueFrom(client.get('/api/a')), firstValueFrom(client.get('/api/b'))];
    for (const path of ['/api/a', '/api/b']) {
      const call = http.expectOne(path);
      expect(call.request.headers.get('Authorization')).toBe('Bearer one');
      call.flush(STALE, { status: 401, statusText: 'x' });
    }
    await settle();
    const refresh = http.expectOne('/api/auth/refresh');
    expect(refresh.request.headers.has('Authorization')).toBe(false);
    refresh.flush(answer('two'));
    await settle();
    for (const path of ['/api/a', '/api/b']) {
      const call = http.expectOne(path);
      expect(call.request.headers.get('Authorization')).toBe('Bearer two');
      call.flush({ path });
    }
    expect(await Promise.all(calls)).toEqual([{ path: '/api/a' }, { path: '/api/b' }]);
  });

  it('leads to the login page when the session has ended, and remembers where from', async () => {
    await signIn();
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/opportunites');
    const call = firstValueFrom(TestBed.inject(HttpClient).get('/api/a')).catch((error: unknown) => error);
    http.expectOne('/api/a').flush(STALE, { status: 401, statusText: 'x' });
    await settle();
    http.expectOne('/api/auth/refresh').flush({ ...STALE, code: 'unauthenticated' }, { status: 401, statusText: 'x' });
    expect(isProblem(await call, 'token-expired')).toBe(true);
    await settle();
    expect(router.url).toBe('/connexion?retour=%2Fopportunites&fin=1');
    expect(session.me()).toBeNull();
  });

  it('leads to the set-up of a second factor that the role requires now, once', async () => {
    await signIn();
    const router = TestBed.inject(Router);
    const setup = { type: 'x', title: 'x', status: 403, code: 'second-factor-setup' };
    const calls = ['/api/a', '/api/b'].map((path) =>
      firstValueFrom(TestBed.inject(HttpClient).get(path)).catch((error: unknown) => error),
    );
    for (const path of ['/api/a', '/api/b']) http.expectOne(path).flush(setup, { status: 403, statusText: 'x' });
    expect(isProblem(await calls[0], 'second-factor-setup')).toBe(true);
    await settle();
    http.expectOne('/api/auth/refresh').flush(answer('two', { ...ME, mustSetUpSecondFactor: true }));
    await settle();
    expect(router.url).toBe('/connexion/double');
    expect(session.token()).toBe('two');
  });

  it('sends the code of the second step with address and password', async () => {
    const done = session.login('a@b.fr', 'secret', '123456');
    await settle();
    const call = http.expectOne('/api/auth/login');
    expect(call.request.body).toEqual({ email: 'a@b.fr', password: 'secret', code: '123456' });
    call.flush(answer('one'));
    await done;
  });

  it('keeps the session when the server is merely away', async () => {
    await signIn();
    const call = firstValueFrom(TestBed.inject(HttpClient).get('/api/a')).catch((error: unknown) => error);
    http.expectOne('/api/a').flush(STALE, { status: 401, statusText: 'x' });
    await settle();
    http.expectOne('/api/auth/refresh').flush('', { status: 503, statusText: 'x' });
    expect(isProblem(await call, 'unavailable')).toBe(true);
    expect(session.me()?.name).toBe('Anne');
    const again = session.refresh();
    await settle();
    http.expectOne('/api/auth/refresh').flush(answer('two'));
    expect(await again).toBe(true);
  });

  it('forgets everything on logout even when the server does not answer', async () => {
    await signIn();
    const done = session.logout();
    http.expectOne('/api/auth/logout').error(new ProgressEvent('error'));
    await done;
    expect(session.token()).toBeNull();
  });

  it('ends in all tabs at once, and begins again in those that wait at the login page', async () => {
    await signIn();
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/opportunites');
    elsewhere(null);
    await settle();
    expect(session.token()).toBeNull();
    expect(router.url).toBe('/connexion?retour=%2Fopportunites&fin=1');

    elsewhere('u');
    await settle();
    http.expectOne('/api/auth/refresh').flush(answer('two'));
    await settle();
    expect(session.token()).toBe('two');
    expect(router.url).toBe('/opportunites');
    expect(restarts).toBe(0);
  });

  it('leaves nothing of one person to another who signs in, in this tab or the next', async () => {
    await signIn();
    elsewhere('v');
    await settle();
    expect([session.token(), restarts]).toEqual([null, 1]);
    // The mark belongs to the other tab: this one does not delete it.
    expect(localStorage.getItem('afpi.signed-in')).toBe('v');

    const done = session.login('c@d.fr', 'secret');
    await settle();
    http.expectOne('/api/auth/login').flush(answer('other', { ...ME, id: 'v' }));
    await done;
    expect([session.me(), restarts]).toEqual([null, 2]);
  });

  it('does not become another person by a renewal', async () => {
    await signIn();
    const renewed = session.refresh();
    await settle();
    http.expectOne('/api/auth/refresh').flush(answer('other', { ...ME, id: 'v' }));
    await renewed;
    expect([session.token(), restarts]).toEqual([null, 1]);
  });
});
