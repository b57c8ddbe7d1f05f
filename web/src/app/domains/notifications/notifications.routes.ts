/** The page of the notifications. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    pathMatch: 'full',
    title: 'nav.notifications',
    loadComponent: () => import('./feature/notifications').then((m) => m.Notifications),
  },
] satisfies Routes;
