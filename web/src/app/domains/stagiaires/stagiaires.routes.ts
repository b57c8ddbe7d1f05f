/** Pages of the trainees. */
import { Routes } from '@angular/router';

export default [
  {
    path: '',
    title: 'stagiaires.title',
    loadComponent: () => import('./feature/stagiaire-list').then((m) => m.StagiaireList),
  },
] satisfies Routes;
