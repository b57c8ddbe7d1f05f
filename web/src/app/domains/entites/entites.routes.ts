/** The page of sites and legal entities. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.entites', loadComponent: () => import('./feature/entites').then((m) => m.Entites) },
] satisfies Routes;
