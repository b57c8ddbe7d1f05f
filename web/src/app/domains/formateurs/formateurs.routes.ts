/** Pages of the trainers. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    title: 'nav.formateurs',
    loadComponent: () => import('./feature/formateur-list').then((m) => m.FormateurList),
  },
  {
    path: ':id',
    title: 'formateurs.one',
    loadComponent: () => import('./feature/formateur-page').then((m) => m.FormateurPage),
  },
] satisfies Routes;
