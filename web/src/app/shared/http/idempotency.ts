/**
 * Adds an `Idempotency-Key` to each change, so that the server carries it out once, however often it is sent. After a
 * lost answer the request is sent again under the same key: first by this code, later when the user presses the button
 * again.
 */
import { HttpErrorResponse, HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { retry, tap, throwError, timer } from 'rxjs';

const CHANGES: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** Milliseconds before each further try: time for the network to recover, but less than a user's patience. */
const PAUSES: readonly number[] = [500, 1500, 3000];
/** How long the key of a request with unknown result is kept, in milliseconds. The server keeps it for a day. */
const KEPT = 10 * 60_000;

/** Keys of requests with unknown result. */
@Injectable({ providedIn: 'root' })
export class OpenKeys {
  readonly #keys = new Map<string, { key: string; since: number }>();

  /** The key of this request: the same as before while its result is unknown. */
  of(request: HttpRequest<unknown>): string {
    const known = this.#keys.get(shape(request));
    return known && Date.now() - known.since < KEPT ? known.key : freshKey();
  }

  /** The result is unknown. */
  keep(request: HttpRequest<unknown>, key: string): void {
    this.#keys.set(shape(request), { key, since: Date.now() });
  }

  /** The server has answered. */
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

/** No answer came, or the first try is still running. */
function unknown(error: unknown): boolean {
  if (!(error instanceof HttpErrorResponse)) return false;
  const body = error.error as { code?: unknown } | null;
  return error.status === 0 || (error.status === 409 && body?.code === 'idempotency-in-progress');
}

/** The properties by which two requests count as the same, as on the server. */
function shape(request: HttpRequest<unknown>): string {
  return [
    request.method,
    request.urlWithParams,
    request.headers.get('If-Match') ?? '',
    request.serializeBody() as string,
  ].join(' ');
}

/** 128 random bits. `crypto.randomUUID` does not exist on a page without HTTPS. */
function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
