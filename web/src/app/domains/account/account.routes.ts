/** The pages before sign-in. A link of a letter also works while somebody is signed in: it may be for another person. */
import { Routes } from '@angular/router';
import { mustSetUp, signedOut } from '../../shared/auth/guards';
import { withTexts } from '../../shared/i18n/with-texts';
import { FACTOR_TEXTS } from './data/factor-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'login.title',
    canActivate: [signedOut],
    loadComponent: () => import('./feature/login').then((m) => m.Login),
  },
  {
    path: 'oublie',
    title: 'forgotten.title',
    canActivate: [signedOut],
    loadComponent: () => import('./feature/forgotten').then((m) => m.Forgotten),
  },
  {
    path: 'double',
    title: 'factor.title',
    canActivate: [mustSetUp, withTexts(FACTOR_TEXTS)],
    loadComponent: () => import('./feature/required-factor').then((m) => m.RequiredFactor),
  },
  {
    path: 'lien',
    title: 'link.title',
    loadComponent: () => import('./feature/link').then((m) => m.LinkPage),
  },
] satisfies Routes;
