/** English texts of the domain users. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  users: {
    create: 'New user',
    edit: 'Edit the user',
    editOne: 'Edit {{name}}',
    absenceOf: 'Absence of {{name}}',
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
    activeFilter: { true: 'Active', invited: 'Invited', false: 'Deactivated', all: 'All' },
    newPassword: 'New password',
    passwordKeep: 'Empty: unchanged. Else at least {{n}} characters.',
    activeLabel: 'Account active (deactivated: no sign-in, sessions closed)',
    language: 'Language',
    willBeInvited: 'A mail will invite them to choose their password. Its link works for seven days.',
    willGetLink:
      'This installation sends no mails: you will get a link to hand over, with which this person chooses a password.',
    invited: 'Invitation pending',
    invitationOver: 'Not invited',
    invitation: {
      title: 'Invitation of {{name}}',
      text: 'Hand this link to this person only: it lets them choose their password, once. It will not be shown again.',
      link: 'Link of the invitation',
      copy: 'Copy',
      copied: 'Copied',
      until: 'Valid until',
      sent: 'Invitation sent to {{email}}',
      again: 'Invite {{name}} again',
    },
    factor: {
      reset: 'Take two-step sign-in away?',
      resetOne: 'Take two-step sign-in away from {{name}}',
      resetText:
        '{{name}} has lost phone and recovery codes: the password will be enough until it is set up again. Their sessions will be closed. Make sure that it is really this person who asks.',
      yes: 'Take away',
      done: 'Two-step sign-in taken away',
    },
    siteRequired: 'Choose at least one site',
  },
};
