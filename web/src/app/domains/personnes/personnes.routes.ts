/** The page of personal data. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { PERSONNES_TEXTS } from './data/personnes-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.personnes',
    canActivate: [withTexts(PERSONNES_TEXTS)],
    loadComponent: () => import('./feature/personnes').then((m) => m.Personnes),
  },
] satisfies Routes;
