/** The planning board over all trainers and rooms. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { PLANNING_TEXTS } from './data/planning-texts';

export default [
  {
    path: '',
    title: 'nav.planning',
    canActivate: [withTexts(PLANNING_TEXTS)],
    loadComponent: () => import('./feature/planning/planning').then((m) => m.Planning),
  },
] satisfies Routes;
