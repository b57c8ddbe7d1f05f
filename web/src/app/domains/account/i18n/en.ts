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
  password: {
    title: 'Change password',
    current: 'Current password',
    new: 'New password',
    again: 'New password, once more',
    hint: 'At least {{n}} characters.',
    done: 'Password changed. Your other sessions are closed.',
  },
};
