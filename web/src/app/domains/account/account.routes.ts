/** The sign-in page. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'login.title',
    loadComponent: () => import('./feature/login').then((m) => m.Login),
  },
] satisfies Routes;
