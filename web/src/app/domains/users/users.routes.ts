/** Pages of the user administration. */
import { Routes } from '@angular/router';

export default [
  { path: '', title: 'nav.users', loadComponent: () => import('./feature/user-list').then((m) => m.UserList) },
] satisfies Routes;
