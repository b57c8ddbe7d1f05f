/** Pages of imported files. */
import { Routes } from '@angular/router';
import { withTexts } from '../../shared/i18n/with-texts';
import { IMPORT_TEXTS } from './data/import-texts';

export default [
  {
    path: '',
    title: 'imports.title',
    canActivate: [withTexts(IMPORT_TEXTS)],
    loadComponent: () => import('./feature/import-list').then((m) => m.ImportList),
  },
  {
    path: ':id',
    title: 'imports.title',
    canActivate: [withTexts(IMPORT_TEXTS)],
    loadComponent: () => import('./feature/import-page').then((m) => m.ImportPage),
  },
] satisfies Routes;
