/** Server refusals as RFC 9457 problems: one error class that every page can read, made by one interceptor. */
import { HttpErrorResponse, HttpInterceptorFn } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { catchError, from, mergeMap, throwError } from 'rxjs';
import { CorbeilleItem } from '../../api/models/corbeille-item';
import { Problem } from '../../api/models/problem';
import { ToastStore } from '../ui/toast-store';

/** A problem document with the extra members of some codes. */
export interface ProblemBody extends Omit<Problem, 'correlationId' | 'fields'> {
  correlationId?: string | null;
  fields?: Problem['fields'];
  /** `duplicate`: the existing record, if the user may read it. */
  existing?: { id: string; name: string } | null;
  /** `merged`: the record that it was merged into. */
  survivor?: { id: string; name: string } | null;
  /** `in-bin`: what the bin knows of the record. */
  corbeille?: CorbeilleItem | null;
  /** `successor-needed`: what the leaving person would leave behind. */
  left?: unknown;
  /** `stale`: the present record. */
  current?: unknown;
}

/** The error of a failed call. `code` is the server's, or `offline` / `unreadable` without a problem document. */
export class ProblemError extends Error {
  constructor(
    readonly problem: ProblemBody,
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
  /** Messages by JSON Pointer. */
  get fields(): ReadonlyMap<string, string> {
    return new Map((this.problem.fields ?? []).map(({ field, message }) => [field, message]));
  }
}

/** True for a refusal with that code; also narrows the type. */
export function isProblem(error: unknown, code?: string): error is ProblemError {
  return error instanceof ProblemError && (code === undefined || error.code === code);
}

export const problemInterceptor: HttpInterceptorFn = (request, next) =>
  next(request).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof HttpErrorResponse)) return throwError(() => error);
      // For a file request the problem arrives as a file, too.
      if (error.error instanceof Blob)
        return from(error.error.text()).pipe(mergeMap((text) => throwError(() => toProblem(error, text))));
      return throwError(() => toProblem(error));
    }),
  );

export function toProblem(response: HttpErrorResponse, error: unknown = response.error): ProblemError {
  const body = readBody(error);
  const retry = Number(response.headers.get('Retry-After') ?? NaN);
  const retryAfter = Number.isFinite(retry) ? retry : null;
  if (body) return new ProblemError(body, retryAfter);
  return new ProblemError(
    {
      type: 'about:blank',
      title: `HTTP ${response.status}`,
      status: response.status,
      code: response.status === 0 ? 'offline' : response.status === 503 ? 'unavailable' : 'unreadable',
      correlationId: response.headers.get('X-Request-Id') ?? null,
    },
    retryAfter,
  );
}

function readBody(error: unknown): ProblemBody | null {
  let body: unknown = error;
  if (typeof body === 'string') {
    try {
      body = JSON.parse(body);
    } catch {
      return null;
    }
  }
  if (body && typeof body === 'object' && 'code' in body && 'status' in body && typeof body.code === 'string')
    return body as ProblemBody;
  return null;
}

/** A hook plugin refused, or did not answer. */
const HOOKS = ['hook-veto', 'hook-failed'];

/** Turns any failure into a sentence. */
@Injectable({ providedIn: 'root' })
export class Problems {
  readonly #transloco = inject(TranslocoService);
  readonly #toasts = inject(ToastStore);

  /** The sentence for the user. The reference lets support find the request in the logs. */
  message(error: unknown): string {
    if (!(error instanceof ProblemError)) return this.#transloco.translate('problem.unexpected');
    const own = ['offline', 'unreadable'].includes(error.code);
    const { title, detail } = error.problem;
    // The title of a veto names the plugin, which most users do not know. Its detail is the reason.
    const vetoed = HOOKS.includes(error.code) && detail;
    const said = own
      ? this.#transloco.translate(`problem.${error.code}`)
      : vetoed
        ? this.#transloco.translate('problem.vetoed', { detail })
        : (detail ?? title);
    const reference = error.problem.correlationId;
    return error.status >= 500 && reference
      ? `${said} (${this.#transloco.translate('problem.reference', { id: reference })})`
      : said;
  }

  /** Shows the failure as a toast, with the fields it names. */
  report(error: unknown): void {
    if (!(error instanceof ProblemError)) console.error(error);
    const fields = error instanceof ProblemError ? [...new Set(error.fields.values())].slice(0, 4) : [];
    this.#toasts.show({ tone: 'bad', text: this.message(error), details: fields });
  }
}
