/** The start page. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { PILOTAGE_TEXTS } from '../pilotage/public/pilotage-texts';
import { HOME_TEXTS } from './data/home-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.home',
    canActivate: [withTexts(HOME_TEXTS), withTexts(PILOTAGE_TEXTS)],
    loadComponent: () => import('./feature/home').then((m) => m.Home),
  },
] satisfies Routes;
