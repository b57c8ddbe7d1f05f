/** The page of integrations: how other programs use the product. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { INTEGRATIONS_TEXTS } from './data/integrations-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.integrations',
    canActivate: [withTexts(INTEGRATIONS_TEXTS)],
    loadComponent: () => import('./feature/integrations').then((m) => m.Integrations),
  },
] satisfies Routes;
