/** The page of one's own account. */
import { Routes } from '@angular/router';
import { COLUMN_TEXTS } from '../../shared/columns/column-texts';
import { withTexts } from '../../shared/i18n/with-texts';
import { DROP_BOX_TEXTS } from '../suivi/public/drop-box-texts';
import { ABSENCE_TEXTS } from './data/absence-texts';
import { FACTOR_TEXTS } from './data/factor-texts';

export default [
  {
    path: '',
    title: 'own.title',
    canActivate: [
      withTexts(FACTOR_TEXTS),
      withTexts(ABSENCE_TEXTS),
      withTexts(COLUMN_TEXTS),
      withTexts(DROP_BOX_TEXTS),
    ],
    loadComponent: () => import('./feature/own').then((m) => m.Own),
  },
] satisfies Routes;
