/** Pages of the plugins. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.plugins', loadComponent: () => import('./plugin-list').then((m) => m.PluginList) },
  { path: ':id', title: 'plugins.one', loadComponent: () => import('./plugin-page').then((m) => m.PluginPage) },
] satisfies Routes;
