import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Icons } from './icons';

const SOURCE = { id: 'controle', version: '1.0.0', sha256: 'a'.repeat(64) };
const URL_OF_IT = '/api/plugins/controle/versions/1.0.0/icon';

describe('Icons', () => {
  function setUp(): { icons: Icons; http: HttpTestingController } {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    return { icons: TestBed.inject(Icons), http: TestBed.inject(HttpTestingController) };
  }

  it('gives an address an image can have, and asks once per file', async () => {
    const { icons, http } = setUp();
    const first = icons.of(SOURCE);
    const again = icons.of({ ...SOURCE });
    http.expectOne(({ url }) => url.endsWith(URL_OF_IT)).flush('<svg fill="#fff"/>');
    expect(await first).toBe('data:image/svg+xml,%3Csvg%20fill%3D%22%23fff%22%2F%3E');
    expect(await again).toBe(await first);
  });

  it('says so when there is none', async () => {
    const { icons, http } = setUp();
    const none = icons.of(SOURCE);
    http.expectOne(({ url }) => url.endsWith(URL_OF_IT)).flush('', { status: 204, statusText: 'No Content' });
    expect(await none).toBeNull();
  });

  it('has none when it cannot be had, and tries again', async () => {
    const { icons, http } = setUp();
    const failed = icons.of(SOURCE);
    http.expectOne(({ url }) => url.endsWith(URL_OF_IT)).flush('', { status: 503, statusText: 'Unavailable' });
    expect(await failed).toBeNull();
    const second = icons.of(SOURCE);
    http.expectOne(({ url }) => url.endsWith(URL_OF_IT)).flush('<svg/>');
    expect(await second).toContain('svg');
  });
});
