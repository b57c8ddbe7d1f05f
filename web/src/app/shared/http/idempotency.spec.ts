import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { idempotencyInterceptor } from './idempotency';

describe('idempotencyInterceptor', () => {
  let http: HttpTestingController;
  let client: HttpClient;

  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([idempotencyInterceptor])), provideHttpClientTesting()],
    });
    http = TestBed.inject(HttpTestingController);
    client = TestBed.inject(HttpClient);
  });
  afterEach(() => {
    http.verify();
    vi.useRealTimers();
  });

  const key = (call: TestRequest): string | null => call.request.headers.get('Idempotency-Key');
  const lost = (call: TestRequest): void => {
    call.error(new ProgressEvent('error'), { status: 0 });
  };

  it('names changes, each with a key of its own, and nothing else', async () => {
    const read = firstValueFrom(client.get('/api/a'));
    const call = http.expectOne('/api/a');
    expect(key(call)).toBeNull();
    call.flush({});
    await read;
    const seen = new Set<string | null>();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'POST']) {
      const done = firstValueFrom(client.request(method, '/api/a', { body: { n: 1 } }));
      const change = http.expectOne('/api/a');
      expect(key(change)).toMatch(/^[0-9a-f]{32}$/);
      seen.add(key(change));
      change.flush({});
      await done;
    }
    expect(seen.size).toBe(5);
    const signIn = firstValueFrom(client.post('/api/auth/login', {}));
    const login = http.expectOne('/api/auth/login');
    expect(key(login)).toBeNull();
    login.flush({});
    await signIn;
  });

  it('sends a change whose answer was lost again under the same key', async () => {
    const done = firstValueFrom(client.post('/api/a', { n: 1 }));
    const first = http.expectOne('/api/a');
    lost(first);
    await vi.advanceTimersByTimeAsync(600);
    const second = http.expectOne('/api/a');
    expect(key(second)).toBe(key(first));
    second.flush({ code: 'idempotency-in-progress', status: 409 }, { status: 409, statusText: 'Conflict' });
    await vi.advanceTimersByTimeAsync(1600);
    const third = http.expectOne('/api/a');
    expect(key(third)).toBe(key(first));
    third.flush({ id: 'x' });
    expect(await done).toEqual({ id: 'x' });
  });

  it('keeps the key for when somebody presses the button again, until the server has answered', async () => {
    const send = (n: number): Promise<unknown> => firstValueFrom(client.post('/api/a', { n })).catch(() => 'failed');
    const given = send(1);
    let first: string | null = null;
    for (const pause of [0, 600, 1600, 3100]) {
      await vi.advanceTimersByTimeAsync(pause);
      const call = http.expectOne('/api/a');
      first ??= key(call);
      lost(call);
    }
    expect(await given).toBe('failed');
    const other = send(2);
    const different = http.expectOne('/api/a');
    expect(key(different)).not.toBe(first);
    different.flush({});
    await other;
    const again = send(1);
    const same = http.expectOne('/api/a');
    expect(key(same)).toBe(first);
    same.flush({});
    await again;
    const next = send(1);
    const fresh = http.expectOne('/api/a');
    expect(key(fresh)).not.toBe(first);
    fresh.flush({}, { status: 422, statusText: 'Refused' });
    expect(await next).toBe('failed');
  });
});
