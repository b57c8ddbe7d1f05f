/** Pages of the companies. */
import { Routes } from '@angular/router';
import { allowed } from '../../shared/auth/guards';
import { keepUnsaved } from '../../shared/forms/unsaved';
import { withTexts } from '../../shared/i18n/with-texts';
import { COMPANY_TEXTS } from './data/company-texts';
import { DOUBLONS_TEXTS } from './data/doublons-texts';

export default [
  {
    path: '',
    title: 'nav.entreprises',
    loadComponent: () => import('./feature/entreprise-list').then((m) => m.EntrepriseList),
  },
  {
    path: 'nouvelle',
    title: 'entreprises.create',
    canActivate: [allowed('entreprises:write')],
    canDeactivate: [keepUnsaved],
    loadComponent: () => import('./feature/entreprise-edit').then((m) => m.EntrepriseEdit),
  },
  {
    path: 'doublons',
    title: 'doublons.title',
    canActivate: [allowed('entreprises:merge'), withTexts(DOUBLONS_TEXTS)],
    loadComponent: () => import('./feature/doublons').then((m) => m.Doublons),
  },
  {
    path: ':id',
    title: 'entreprises.one',
    canActivate: [withTexts(COMPANY_TEXTS)],
    loadComponent: () => import('./feature/entreprise-page').then((m) => m.EntreprisePage),
  },
  {
    path: ':id/modifier',
    title: 'entreprises.edit',
    canActivate: [allowed('entreprises:write')],
    canDeactivate: [keepUnsaved],
    loadComponent: () => import('./feature/entreprise-edit').then((m) => m.EntrepriseEdit),
  },
] satisfies Routes;
