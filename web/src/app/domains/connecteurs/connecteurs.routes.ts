/** Pages of the connectors to other systems. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    title: 'nav.connecteurs',
    loadComponent: () => import('./connecteur-list').then((m) => m.ConnecteurList),
  },
  {
    path: ':plugin',
    title: 'connecteurs.one',
    loadComponent: () => import('./connecteur-page').then((m) => m.ConnecteurPage),
  },
  {
    path: ':plugin/executions/:id',
    title: 'connecteurs.run',
    loadComponent: () => import('./run-page').then((m) => m.RunPage),
  },
] satisfies Routes;
