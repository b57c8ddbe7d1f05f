/** Pages of the sessions. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.sessions', loadComponent: () => import('./feature/session-list').then((m) => m.SessionList) },
  {
    path: ':id',
    title: 'sessions.one',
    loadComponent: () => import('./feature/session-page').then((m) => m.SessionPage),
  },
] satisfies Routes;
