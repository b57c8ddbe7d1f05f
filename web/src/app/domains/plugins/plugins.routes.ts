/** Pages of the plugins. */
import { Routes } from '@angular/router';
import { allowed } from '../../shared/auth/guards';

export default [
  { path: '', title: 'nav.plugins', loadComponent: () => import('./feature/plugin-list').then((m) => m.PluginList) },
  {
    path: 'cles',
    title: 'pluginKeys.title',
    canActivate: [allowed('plugins:install')],
    loadComponent: () => import('./feature/key-list').then((m) => m.KeyList),
  },
  { path: ':id', title: 'plugins.one', loadComponent: () => import('./feature/plugin-page').then((m) => m.PluginPage) },
] satisfies Routes;
