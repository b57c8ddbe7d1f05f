/** The page of the background work. */
import { Routes } from '@angular/router';

export default [
  { path: '', pathMatch: 'full', title: 'nav.jobs', loadComponent: () => import('./feature/jobs').then((m) => m.Jobs) },
] satisfies Routes;
