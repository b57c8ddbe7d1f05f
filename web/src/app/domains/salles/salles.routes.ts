/** The page of the rooms. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.salles', loadComponent: () => import('./feature/salle-list').then((m) => m.SalleList) },
] satisfies Routes;
