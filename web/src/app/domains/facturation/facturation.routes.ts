/** The page of what payers owe. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    title: 'nav.facturation',
    loadComponent: () => import('./feature/facturation').then((m) => m.Facturation),
  },
] satisfies Routes;
