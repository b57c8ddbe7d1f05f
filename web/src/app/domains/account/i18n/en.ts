/** English texts of the domain account. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  login: {
    title: 'Sign in',
    welcome: 'Welcome',
    subtitle: 'Sign in to AFPI CRM.',
    email: 'E-mail address',
    password: 'Password',
    show: 'Show password',
    hide: 'Hide password',
    submit: 'Sign in',
    busy: 'Signing in…',
    forgotten: 'Forgotten password?',
    ended: 'Your session has ended. Sign in again to go on.',
    demo: 'Demo',
    demoHint: 'Step in with one of the roles:',
    claim: 'From the first visit to the paid invoice, everyone knows when it is their turn.',
    step1: 'Information gathering',
    step2: 'Quote',
    step3: 'Funding',
    step4: 'Scheduling',
    step5: 'Paperwork',
    step6: 'Invoicing',
  },
  forgotten: {
    title: 'Forgotten password',
    text: 'Enter your address: you will receive a link to choose a new password.',
    submit: 'Receive a link',
    sent: 'If {{address}} has an account, a mail is on its way. Its link works once, for 30 minutes.',
    back: 'Back to sign-in',
  },
  link: {
    title: 'Your password',
    submit: 'Save and sign in',
    hint: 'At least {{n}} characters: four words that have nothing to do with each other, for example.',
    invitation: { title: 'Welcome, {{name}}', text: 'Choose the password of your AFPI CRM account.' },
    password: {
      title: 'New password',
      text: 'Choose it: your sessions elsewhere will be closed.',
    },
    over: {
      title: 'This link is over',
      text: 'It can no longer be used to choose a password.',
      what: 'It was used, it is too old, or a newer link replaces it. For an invitation, ask your administrator to send it again.',
      again: 'Forgotten password?',
    },
  },
  password: {
    title: 'Change password',
    current: 'Current password',
    new: 'New password',
    again: 'New password, once more',
    hint: 'At least {{n}} characters.',
    done: 'Password changed. Your other sessions are closed.',
  },
};
