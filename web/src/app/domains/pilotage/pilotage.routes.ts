/** The page of the figures. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { PILOTAGE_TEXTS } from './public/pilotage-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.pilotage',
    canActivate: [withTexts(PILOTAGE_TEXTS)],
    loadComponent: () => import('./feature/pilotage').then((m) => m.Pilotage),
  },
] satisfies Routes;
