/** The page of one's mails that belong to no record yet. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { MAIL_TEXTS } from './data/mail-texts';
import { DROP_BOX_TEXTS } from './public/drop-box-texts';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'mails.title',
    canActivate: [withTexts(MAIL_TEXTS), withTexts(DROP_BOX_TEXTS)],
    loadComponent: () => import('./feature/mails').then((m) => m.Mails),
  },
] satisfies Routes;
