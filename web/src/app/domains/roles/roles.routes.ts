/** The page of roles and rights. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.roles',
    loadComponent: () => import('./feature/roles').then((m) => m.Roles),
  },
] satisfies Routes;
