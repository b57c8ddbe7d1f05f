import { HttpEventType, provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Upload, refusalOf } from './upload';

describe('refusalOf', () => {
  it('lets a plugin file of up to 12 MiB through', () => {
    expect(refusalOf({ name: 'controle.WASM', size: 12 * 1024 * 1024 })).toBeNull();
  });
  it('says why others need not be sent', () => {
    expect(refusalOf({ name: 'controle.wasm', size: 12 * 1024 * 1024 + 1 })).toBe('pluginInstall.tooLarge');
    expect(refusalOf({ name: 'controle.wasm', size: 0 })).toBe('pluginInstall.empty');
    expect(refusalOf({ name: 'controle.zip', size: 10 })).toBe('pluginInstall.notWasm');
  });
});

describe('Upload', () => {
  it('sends the bytes as they are, says how far it is, and answers what came in', async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    const http = TestBed.inject(HttpTestingController);
    const file = new File([new Uint8Array(8)], 'controle.wasm');
    const parts: number[] = [];
    const sent = TestBed.inject(Upload).send(file, (part) => parts.push(part));
    const request = http.expectOne(({ method, url }) => method === 'POST' && url.endsWith('/api/plugins'));
    expect(request.request.headers.get('Content-Type')).toBe('application/wasm');
    expect(request.request.body).toBe(file);
    request.event({ type: HttpEventType.UploadProgress, loaded: 4, total: 8 });
    request.flush({ pluginId: 'controle' }, { status: 201, statusText: 'Created' });
    expect((await sent).pluginId).toBe('controle');
    expect(parts).toEqual([0.5]);
  });
});
