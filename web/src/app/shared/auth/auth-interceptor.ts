/** Adds the access token and the language to every API call, and renews an expired token once. */
import { HttpInterceptorFn, HttpRequest } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { isProblem } from '../http/problem';
import { Language } from '../i18n/language';
import { Session, WITHOUT_TOKEN } from './session';

export const authInterceptor: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/')) return next(request);
  const language = inject(Language).current();
  const spoken = request.clone({ setHeaders: { 'Accept-Language': language } });
  if (request.context.get(WITHOUT_TOKEN)) return next(spoken);

  const session = inject(Session);
  const token = session.token();
  return next(withToken(spoken, token)).pipe(
    catchError((error: unknown) => {
      if (isProblem(error, 'second-factor-setup')) void session.mustSetUp();
      if (!isProblem(error) || error.status !== 401) return throwError(() => error);
      // Another call may have renewed it meanwhile.
      const renewed = session.token() !== token ? Promise.resolve(true) : session.refresh();
      return from(renewed).pipe(
        switchMap((ok) => {
          if (ok) return next(withToken(spoken, session.token()));
          void session.expire();
          return throwError(() => error);
        }),
      );
    }),
  );
};

function withToken(request: HttpRequest<unknown>, token: string | null): HttpRequest<unknown> {
  return token ? request.clone({ setHeaders: { Authorization: `Bearer ${token}` } }) : request;
}
