/** English texts of the domain users. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  users: {
    create: 'New user',
    edit: 'Edit the user',
    editOne: 'Edit {{name}}',
    search: 'Name or e-mail',
    role: 'Role',
    allRoles: 'All roles',
    state: 'State',
    name: 'Name',
    sites: 'Sites',
    allSites: 'All',
    lastLogin: 'Last sign-in',
    never: 'never',
    none: 'No user',
    noneText: 'No account matches these filters.',
    activeFilter: { true: 'Active', false: 'Deactivated', all: 'All' },
    newPassword: 'New password',
    passwordKeep: 'Empty: unchanged. Else at least {{n}} characters.',
    activeLabel: 'Account active (deactivated: no sign-in, sessions closed)',
    siteRequired: 'Choose at least one site',
  },
};
