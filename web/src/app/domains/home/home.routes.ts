/** The start page. */
import { Routes } from '@angular/router';

export default [
  { path: '', pathMatch: 'full', title: 'nav.home', loadComponent: () => import('./feature/home').then((m) => m.Home) },
] satisfies Routes;
