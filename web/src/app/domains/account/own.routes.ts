/** The page of one's own account. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'own.title', loadComponent: () => import('./feature/own').then((m) => m.Own) },
] satisfies Routes;
