/** English texts of the domain notifications. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  notifications: {
    tab: { toutes: 'All', 'non-lues': 'Unread', preferences: 'Preferences' },
    kind: 'Tell me when…',
    app: 'In the application',
    quiet: {
      title: 'Quiet hours',
      text: 'During these hours your mails wait. Notifications in the application come at once.',
      on: 'Send me no mails at certain hours',
      from: 'From',
      to: 'to',
      hour: '{{hour}}:00',
      weekends: 'On Saturdays and Sundays too',
    },
    email: 'By e-mail',
    unread: 'unread',
    none: 'No notification',
    allRead: 'All read',
    noneText: 'You will be told here when a file waits for you.',
    noKind: 'Nothing to set',
    noKindText: 'Nothing on your site tells people yet. Ask your administrator.',
  },
};
