import { HttpClient, HttpErrorResponse, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { FormControl, FormGroup } from '@angular/forms';
import { firstValueFrom } from 'rxjs';
import { applyProblem } from '../forms/problem-form';
import { ProblemError, isProblem, problemInterceptor, toProblem } from './problem';

const INVALID = {
  type: '/problems/validation',
  title: 'Saisie invalide',
  status: 422,
  code: 'validation',
  correlationId: 'abc',
  fields: [
    { field: '/siret', code: 'siret-checksum', message: 'Clé fausse' },
    { field: '/address/city', code: 'required', message: 'Ville ?' },
    { field: '', code: 'x', message: 'Tout' },
  ],
};

describe('problems', () => {
  it('reach the caller as one error class, with fields by pointer', async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([problemInterceptor])), provideHttpClientTesting()],
    });
    const answer = firstValueFrom(TestBed.inject(HttpClient).get('/api/x')).catch((error: unknown) => error);
    TestBed.inject(HttpTestingController)
      .expectOne('/api/x')
      .flush(INVALID, { status: 422, statusText: 'x', headers: { 'Retry-After': '7' } });
    const error = await answer;
    expect(error).toBeInstanceOf(ProblemError);
    expect(isProblem(error, 'validation')).toBe(true);
    expect(isProblem(error, 'stale')).toBe(false);
    expect((error as ProblemError).fields.get('/siret')).toBe('Clé fausse');
    expect((error as ProblemError).retryAfter).toBe(7);
  });

  it('are read where a file was asked for', async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(withInterceptors([problemInterceptor])), provideHttpClientTesting()],
    });
    const answer = firstValueFrom(TestBed.inject(HttpClient).get('/api/x', { responseType: 'blob' })).catch(
      (error: unknown) => error,
    );
    const body = new Blob([JSON.stringify({ ...INVALID, status: 403, code: 'forbidden', fields: [] })]);
    TestBed.inject(HttpTestingController).expectOne('/api/x').flush(body, { status: 403, statusText: 'x' });
    expect(isProblem(await answer, 'forbidden')).toBe(true);
  });

  it('are made up where the server gave none: no answer, or a page of a proxy', () => {
    expect(toProblem(new HttpErrorResponse({ status: 0, error: new ProgressEvent('error') })).code).toBe('offline');
    expect(toProblem(new HttpErrorResponse({ status: 502, error: '<html>Bad gateway</html>' })).code).toBe(
      'unreadable',
    );
    expect(toProblem(new HttpErrorResponse({ status: 503, error: '' })).code).toBe('unavailable');
    expect(toProblem(new HttpErrorResponse({ status: 422, error: JSON.stringify(INVALID) })).code).toBe('validation');
  });

  it('land on the controls they name; the rest is handed back', () => {
    const form = new FormGroup({ siret: new FormControl(''), address: new FormGroup({ city: new FormControl('') }) });
    const orphans = applyProblem(form, new ProblemError(INVALID));
    expect(form.controls.siret.errors).toEqual({ server: 'Clé fausse' });
    expect(form.controls.address.controls.city.errors).toEqual({ server: 'Ville ?' });
    expect(orphans).toEqual(['Tout']);
    expect(applyProblem(form, new Error('boom'))).toBeNull();
  });
});
