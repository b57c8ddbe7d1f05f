/** The page of what cannot be right. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { ANOMALIES_TEXTS } from './data/anomalies-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.anomalies',
    canActivate: [withTexts(ANOMALIES_TEXTS)],
    loadComponent: () => import('./feature/anomalies').then((m) => m.Anomalies),
  },
] satisfies Routes;
