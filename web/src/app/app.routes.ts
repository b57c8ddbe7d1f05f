/** The way in: the sign-in page, and for signed-in people the pages inside the frame with their texts. */
import { Routes } from '@angular/router';
import { signedIn } from './shared/auth/guards';
import { withTexts } from './shared/i18n/with-texts';
import { PAGE_TEXTS } from './texts/texts';

export const routes: Routes = [
  {
    path: 'connexion',
    loadChildren: () => import('./domains/account/account.routes'),
  },
  {
    path: '',
    canMatch: [signedIn],
    canActivate: [withTexts(PAGE_TEXTS)],
    loadChildren: () => import('./pages.routes'),
  },
];
