/** Pages of the connectors to other systems. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    title: 'nav.connecteurs',
    loadComponent: () => import('./feature/connecteur-list').then((m) => m.ConnecteurList),
  },
  {
    path: ':plugin',
    title: 'connecteurs.one',
    loadComponent: () => import('./feature/connecteur-page').then((m) => m.ConnecteurPage),
  },
  {
    path: ':plugin/executions/:id',
    title: 'connecteurs.run',
    loadComponent: () => import('./feature/run-page').then((m) => m.RunPage),
  },
] satisfies Routes;
