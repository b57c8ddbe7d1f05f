/** Route guards: signed in, or signed in with a right. The server checks anyway; these only avoid an empty page. */
import { inject } from '@angular/core';
import { CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

export const signedIn: CanActivateFn = (_route, state) => {
  if (inject(Session).me()) return true;
  return inject(Router).createUrlTree(['/connexion'], { queryParams: state.url === '/' ? {} : { retour: state.url } });
};

/** Already signed in: no login page. */
export const signedOut: CanActivateFn = () => (inject(Session).me() ? inject(Router).createUrlTree(['/']) : true);

export function allowed(permission: string): CanActivateFn {
  return () => inject(Session).can(permission) || inject(Router).createUrlTree(['/interdit']);
}
