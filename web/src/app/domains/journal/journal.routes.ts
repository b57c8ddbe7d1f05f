/** The page of the journal. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.journal',
    loadComponent: () => import('./feature/journal').then((m) => m.Journal),
  },
] satisfies Routes;
