/** Pages of the opportunités. */
import { Routes } from '@angular/router';
import { allowed } from '../../shared/auth/guards';
import { keepUnsaved } from '../../shared/forms/unsaved';

export default [
  {
    path: '',
    title: 'nav.opportunites',
    loadComponent: () => import('./feature/list/opportunite-list').then((m) => m.OpportuniteList),
  },
  {
    path: 'tableau',
    title: 'opportunites.board',
    loadComponent: () => import('./feature/board/board').then((m) => m.Board),
  },
  {
    path: 'nouvelle',
    title: 'opportunites.create',
    canActivate: [allowed('opportunites:create')],
    canDeactivate: [keepUnsaved],
    loadComponent: () => import('./feature/create/create').then((m) => m.CreateOpportunite),
  },
  {
    path: ':id',
    title: 'opportunites.one',
    canDeactivate: [keepUnsaved],
    loadComponent: () => import('./feature/record/record').then((m) => m.RecordPage),
  },
] satisfies Routes;
