/** The page of the notifications. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { DIGEST_TEXTS } from './data/digest-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.notifications',
    canActivate: [withTexts(DIGEST_TEXTS)],
    loadComponent: () => import('./feature/notifications').then((m) => m.Notifications),
  },
] satisfies Routes;
