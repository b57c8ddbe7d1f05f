/** The page of the bin. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { CORBEILLE_TEXTS } from './data/corbeille-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.corbeille',
    canActivate: [withTexts(CORBEILLE_TEXTS)],
    loadComponent: () => import('./feature/corbeille').then((m) => m.Corbeille),
  },
] satisfies Routes;
