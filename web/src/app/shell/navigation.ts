/** All destinations in one list, for the sidebar and the command palette. */
import { IconName } from '../shared/ui/icons';

export interface Destination {
  path: string;
  /** Translation key. */
  label: string;
  icon: IconName;
  /** Shown to roles with this permission only. */
  permission?: string;
  admin?: boolean;
}

export const DESTINATIONS: readonly Destination[] = [
  { path: '/', label: 'nav.home', icon: 'house' },
  { path: '/opportunites', label: 'nav.opportunites', icon: 'briefcase' },
  { path: '/entreprises', label: 'nav.entreprises', icon: 'building' },
  { path: '/planning', label: 'nav.planning', icon: 'calendar-range' },
  { path: '/sessions', label: 'nav.sessions', icon: 'calendar' },
  { path: '/stagiaires', label: 'nav.stagiaires', icon: 'graduation' },
  { path: '/catalogue', label: 'nav.produits', icon: 'tasks' },
  { path: '/facturation', label: 'nav.facturation', icon: 'receipt', permission: 'creances:read' },
  { path: '/anomalies', label: 'nav.anomalies', icon: 'circle-alert', permission: 'anomalies:read' },
  { path: '/pilotage', label: 'nav.pilotage', icon: 'target' },
  { path: '/notifications', label: 'nav.notifications', icon: 'bell' },
  { path: '/formateurs', label: 'nav.formateurs', icon: 'presentation', permission: 'formateurs:read', admin: true },
  { path: '/salles', label: 'nav.salles', icon: 'door', permission: 'formateurs:read', admin: true },
  { path: '/utilisateurs', label: 'nav.users', icon: 'users', permission: 'users:read', admin: true },
  { path: '/roles', label: 'nav.roles', icon: 'shield', permission: 'users:read', admin: true },
  { path: '/entites', label: 'nav.entites', icon: 'pin', permission: 'entites:read', admin: true },
  { path: '/connecteurs', label: 'nav.connecteurs', icon: 'refresh', permission: 'connecteurs:manage', admin: true },
  { path: '/plugins', label: 'nav.plugins', icon: 'plug', permission: 'plugins:read', admin: true },
  {
    path: '/integrations',
    label: 'nav.integrations',
    icon: 'external',
    permission: 'integrations:manage',
    admin: true,
  },
  { path: '/journal', label: 'nav.journal', icon: 'clock', permission: 'journal:read', admin: true },
  { path: '/corbeille', label: 'nav.corbeille', icon: 'trash', permission: 'corbeille:use', admin: true },
  {
    path: '/donnees-personnelles',
    label: 'nav.personnes',
    icon: 'user',
    permission: 'donnees:personnelles',
    admin: true,
  },
  { path: '/traitements', label: 'nav.jobs', icon: 'tasks', permission: 'jobs:read', admin: true },
];
