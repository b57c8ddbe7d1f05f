/** The pages inside the frame. Each is lazy; titles are translation keys. */
import { Routes } from '@angular/router';
import { allowed } from './shared/auth/guards';
import { withTexts } from './shared/i18n/with-texts';
import { Shell } from './shell/shell';
import { ADMINISTRATION_TEXTS } from './texts/texts';

export default [
  {
    path: '',
    component: Shell,
    children: [
      { path: '', pathMatch: 'full', loadChildren: () => import('./domains/home/home.routes') },
      { path: 'opportunites', loadChildren: () => import('./domains/opportunites/opportunites.routes') },
      { path: 'entreprises', loadChildren: () => import('./domains/entreprises/entreprises.routes') },
      {
        path: 'imports',
        canActivate: [allowed('entreprises:import')],
        loadChildren: () => import('./domains/imports/imports.routes'),
      },
      {
        path: 'facturation',
        canActivate: [allowed('creances:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/facturation/facturation.routes'),
      },
      { path: 'pilotage', loadChildren: () => import('./domains/pilotage/pilotage.routes') },
      { path: 'compte', loadChildren: () => import('./domains/account/own.routes') },
      { path: 'courriels', loadChildren: () => import('./domains/suivi/mails.routes') },
      { path: 'notifications', loadChildren: () => import('./domains/notifications/notifications.routes') },
      {
        path: 'formateurs',
        canActivate: [allowed('formateurs:read')],
        loadChildren: () => import('./domains/formateurs/formateurs.routes'),
      },
      { path: 'planning', loadChildren: () => import('./domains/sessions/planning.routes') },
      { path: 'sessions', loadChildren: () => import('./domains/sessions/sessions.routes') },
      { path: 'stagiaires', loadChildren: () => import('./domains/stagiaires/stagiaires.routes') },
      {
        path: 'catalogue',
        canActivate: [withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/produits/produits.routes'),
      },
      {
        path: 'salles',
        canActivate: [withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/salles/salles.routes'),
      },
      {
        path: 'utilisateurs',
        canActivate: [allowed('users:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/users/users.routes'),
      },
      {
        path: 'roles',
        canActivate: [allowed('users:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/roles/roles.routes'),
      },
      {
        path: 'entites',
        canActivate: [allowed('entites:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/entites/entites.routes'),
      },
      {
        path: 'connecteurs',
        canActivate: [allowed('connecteurs:manage'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/connecteurs/connecteurs.routes'),
      },
      {
        path: 'plugins',
        canActivate: [allowed('plugins:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/plugins/plugins.routes'),
      },
      {
        path: 'integrations',
        canActivate: [allowed('integrations:manage')],
        loadChildren: () => import('./domains/integrations/integrations.routes'),
      },
      {
        path: 'traitements',
        canActivate: [allowed('jobs:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/jobs/jobs.routes'),
      },
      {
        path: 'journal',
        canActivate: [allowed('journal:read'), withTexts(ADMINISTRATION_TEXTS)],
        loadChildren: () => import('./domains/journal/journal.routes'),
      },
      {
        path: 'anomalies',
        canActivate: [allowed('anomalies:read')],
        loadChildren: () => import('./domains/anomalies/anomalies.routes'),
      },
      {
        path: 'corbeille',
        canActivate: [allowed('corbeille:use')],
        loadChildren: () => import('./domains/corbeille/corbeille.routes'),
      },
      {
        path: 'donnees-personnelles',
        canActivate: [allowed('donnees:personnelles')],
        loadChildren: () => import('./domains/personnes/personnes.routes'),
      },
      // The old path: links to it keep working.
      { path: 'taches', redirectTo: 'traitements' },
      {
        path: 'interdit',
        title: 'forbidden.title',
        data: { kind: 'forbidden' },
        loadComponent: () => import('./shell/plain-page').then((m) => m.PlainPage),
      },
      {
        path: '**',
        title: 'notFound.title',
        data: { kind: 'notFound' },
        loadComponent: () => import('./shell/plain-page').then((m) => m.PlainPage),
      },
    ],
  },
] satisfies Routes;
