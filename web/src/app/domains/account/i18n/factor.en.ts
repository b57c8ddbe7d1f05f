/** English texts of the second factor. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './factor.fr';

export const en: Words<typeof fr> = {
  factor: {
    title: 'Two-step sign-in',
    on: 'On',
    off: 'Off',
    text: 'At sign-in a code of your phone joins the password: whoever knows one does not get in without the other.',
    first: 'Your role requires it: set it up to go on.',
    begin: 'Turn on',
    since: 'On since',
    left: 'Recovery codes left: {{n}}',
    other: 'Change phone',
    required: 'Your role requires it.',
    removed: 'Two-step sign-in is off',
    leave: 'Sign out',
    renew: {
      title: 'New recovery codes',
      text: 'The present recovery codes will no longer work.',
    },
    remove: {
      title: 'Turn off',
      text: 'Your password will be enough to sign in.',
    },
    setup: {
      passwordHint: 'To make sure that it is you.',
      begin: 'Continue',
      scan: 'Scan this code with an authenticator application of your phone.',
      qr: 'QR code to scan with the application',
      byHand: 'Without a camera, type this key:',
      code: 'Code shown by the application',
      codeHint: 'Six digits, new every 30 seconds.',
      confirm: 'Verify',
    },
    codes: {
      title: 'Recovery codes',
      text: 'Keep these codes in a safe place: each replaces your phone once. They will not be shown again.',
      copy: 'Copy',
      copied: 'Copied',
      download: 'Download',
      done: 'I have kept them',
    },
  },
};
