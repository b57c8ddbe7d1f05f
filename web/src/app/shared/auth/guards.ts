/** Route guards: signed in, or signed in with a right. The server checks anyway; these only avoid an empty page. */
import { inject } from '@angular/core';
import { CanActivateFn, CanMatchFn, Router } from '@angular/router';
import { Session } from './session';

/** Asked before the code of the pages is loaded. */
export const signedIn: CanMatchFn = () => {
  const router = inject(Router);
  const me = inject(Session).me();
  if (me?.mustSetUpSecondFactor) return router.createUrlTree(['/connexion/double']);
  if (me) return true;
  const wanted = router.currentNavigation()?.extractedUrl.toString() ?? '/';
  return router.createUrlTree(['/connexion'], { queryParams: wanted === '/' ? {} : { retour: wanted } });
};

/** Already signed in: no login page. */
export const signedOut: CanActivateFn = () => (inject(Session).me() ? inject(Router).createUrlTree(['/']) : true);

/** The set-up of a second factor is for whoever cannot go on without. */
export const mustSetUp: CanActivateFn = () =>
  (inject(Session).me()?.mustSetUpSecondFactor ?? false) || inject(Router).createUrlTree(['/']);

export function allowed(permission: string): CanActivateFn {
  return () => inject(Session).can(permission) || inject(Router).createUrlTree(['/interdit']);
}
