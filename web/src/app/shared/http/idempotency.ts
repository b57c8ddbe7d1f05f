/**
 * Names each change with an `Idempotency-Key`, so that the server carries it out once however often it is sent. Where
 * the answer is lost it is sent again under the same key, here at first, and later when somebody presses the button
 * again.
 */
import { HttpErrorResponse, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { retry, tap, throwError, timer } from 'rxjs';

const CHANGES: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** Milliseconds before each further try; some time for a network to come back, less than a person's patience. */
const PAUSES: readonly number[] = [500, 1500, 3000];
/** How long the key of a request whose outcome is unknown is kept, in milliseconds. The server keeps it for a day. */
const KEPT = 10 * 60_000;

/** Keys of requests of which nobody knows whether they were carried out. */
@Injectable({ providedIn: 'root' })
export class OpenKeys {
  readonly #keys = new Map<string, { key: string; since: number }>();

  /** The key for this request: the same as before while its outcome is unknown. */
  of(request: HttpRequest<unknown>): string {
    const known = this.#keys.get(shape(request));
    return known && Date.now() - known.since < KEPT ? known.key : freshKey();
  }

  /** The outcome is unknown. */
  keep(request: HttpRequest<unknown>, key: string): void {
    this.#keys.set(shape(request), { key, since: Date.now() });
  }

  /** The server has said what became of it. */
  settle(request: HttpRequest<unknown>): void {
    this.#keys.delete(shape(request));
  }
}

export const idempotencyInterceptor: HttpInterceptorFn = (request, next) => {
  const named =
    CHANGES.includes(request.method) && request.url.startsWith('/api/') && !request.url.startsWith('/api/auth/');
  if (!named || request.body instanceof Blob) return next(request);
  const keys = inject(OpenKeys);
  const key = keys.of(request);
  return next(request.clone({ setHeaders: { 'Idempotency-Key': key } })).pipe(
    retry({
      count: PAUSES.length,
      delay: (error: unknown, tries) => (unknown(error) ? timer(PAUSES[tries - 1] ?? 0) : throwError(() => error)),
    }),
    tap({
      next: () => {
        keys.settle(request);
      },
      error: (error: unknown) => {
        if (unknown(error)) keys.keep(request, key);
        else keys.settle(request);
      },
    }),
  );
};

/** No answer came, or the first try is still under way. */
function unknown(error: unknown): boolean {
  if (!(error instanceof HttpErrorResponse)) return false;
  const body = error.error as { code?: unknown } | null;
  return error.status === 0 || (error.status === 409 && body?.code === 'idempotency-in-progress');
}

/** What makes two requests the same one for the server, too. */
function shape(request: HttpRequest<unknown>): string {
  return [
    request.method,
    request.urlWithParams,
    request.headers.get('If-Match') ?? '',
    request.serializeBody() as string,
  ].join(' ');
}

/** 128 random bits. `crypto.randomUUID` is not there on a page without HTTPS. */
function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
