/**
 * The walls. A domain has the rooms it needs, and what stands at its root says to the application what it brings:
 *
 * - `feature/` pages and dialogs that call the server; sees everything of its domain
 * - `ui/` draws what it is given
 * - `data/` reads, writes and keeps records
 * - `util/` pure functions and types
 * - `i18n/` its texts, in both languages
 * - `public/` the door: what other domains, named below, may use; sees everything of its domain but features
 *
 * `shared` knows no domain, and nothing knows the shell.
 */
import { SheriffConfig, noTag } from '@softarc/sheriff-core';

/** Who may go through whose door. */
const doors: Record<string, string[]> = {
  account: ['suivi'],
  anomalies: ['opportunites'],
  attachments: ['opportunites'],
  documents: ['opportunites'],
  entites: ['documents'],
  facturation: ['documents', 'vues'],
  home: ['opportunites', 'notifications', 'pilotage', 'suivi'],
  pilotage: ['opportunites'],
  opportunites: ['corbeille', 'entreprises', 'roles', 'vues'],
  preuves: ['attachments', 'opportunites'],
  entreprises: ['corbeille', 'roles', 'vues'],
  formateurs: ['opportunites', 'roles', 'vues'],
  salles: ['roles', 'vues'],
  sessions: ['documents', 'opportunites', 'preuves', 'vues'],
  stagiaires: ['opportunites', 'vues'],
  suivi: ['opportunites'],
  users: ['account', 'opportunites', 'roles', 'vues'],
  jobs: ['vues'],
  journal: ['vues'],
  produits: ['vues'],
};
const through = (...domains: string[]): string[] => domains.map((domain) => `door:${domain}`);

export const config: SheriffConfig = {
  enableBarrelLess: true,
  entryFile: 'src/main.ts',
  modules: {
    'src/app/api': 'api',
    'src/app/shared/<part>': 'shared',
    'src/app/shell': 'shell',
    'src/app/domains/<domain>/public': ['domain:<domain>', 'type:public', 'door:<domain>'],
    'src/app/domains/<domain>/<type>': ['domain:<domain>', 'type:<type>'],
    'src/app/domains/<domain>': ['domain:<domain>', 'type:root'],
  },
  depRules: {
    root: ['api', 'shared', 'shell', 'type:root', 'type:i18n'],
    [noTag]: [],
    api: 'api',
    shared: ['api', 'shared'],
    shell: ['api', 'shared', 'shell', ...through('notifications', 'account', 'roles')],
    'domain:*': [
      'api',
      'shared',
      ({ from, to }) =>
        to === from || (doors[from.slice('domain:'.length)] ?? []).some((name) => to === `door:${name}`),
    ],
    'door:*': () => true,
    'type:root': ['api', 'shared', 'type:feature', 'type:data', 'type:public', 'type:util'],
    'type:feature': ['api', 'shared', 'type:feature', 'type:ui', 'type:data', 'type:util', 'type:public', 'type:i18n'],
    'type:public': ['api', 'shared', 'type:public', 'type:ui', 'type:data', 'type:util', 'type:i18n'],
    'type:ui': ['api', 'shared', 'type:ui', 'type:util', 'type:i18n'],
    'type:data': ['api', 'shared', 'type:data', 'type:util', 'type:i18n'],
    'type:util': ['api', 'shared', 'type:util'],
    'type:i18n': ['shared', 'type:i18n'],
  },
};
