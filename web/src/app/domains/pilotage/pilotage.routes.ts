/** The page of the figures. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.pilotage',
    loadComponent: () => import('./feature/pilotage').then((m) => m.Pilotage),
  },
] satisfies Routes;
