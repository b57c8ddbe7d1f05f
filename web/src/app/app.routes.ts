/** The map of pages. Each is lazy; titles are translation keys. */
import { Routes } from '@angular/router';
import { allowed, signedIn, signedOut } from './shared/auth/guards';

export const routes: Routes = [
  {
    path: 'connexion',
    title: 'login.title',
    canActivate: [signedOut],
    loadComponent: () => import('./domains/account/login').then((m) => m.Login),
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      { path: '', pathMatch: 'full', title: 'nav.home', loadComponent: () => import('./domains/home/home').then((m) => m.Home) },
      { path: 'opportunites', loadChildren: () => import('./domains/opportunites/opportunites.routes') },
      { path: 'entreprises', loadChildren: () => import('./domains/entreprises/entreprises.routes') },
      {
        path: 'pilotage', title: 'nav.pilotage', canActivate: [allowed('objectifs:read')],
        loadComponent: () => import('./domains/pilotage/pilotage').then((m) => m.Pilotage),
      },
      {
        path: 'notifications', title: 'nav.notifications',
        loadComponent: () => import('./domains/notifications/notifications').then((m) => m.Notifications),
      },
      {
        path: 'interdit', title: 'forbidden.title', data: { kind: 'forbidden' },
        loadComponent: () => import('./shell/plain-page').then((m) => m.PlainPage),
      },
      { path: '**', title: 'notFound.title', loadComponent: () => import('./shell/plain-page').then((m) => m.PlainPage) },
    ],
  },
];
