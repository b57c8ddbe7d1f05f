/** English texts of the domain notifications. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  notifications: {
    tab: { toutes: 'All', 'non-lues': 'Unread', preferences: 'Preferences' },
    kind: 'Tell me when…',
    app: 'In the application',
    email: 'By e-mail',
    unread: 'unread',
    none: 'No notification',
    allRead: 'All read',
    noneText: 'You will be told here when a file waits for you.',
    noKind: 'Nothing to set',
    noKindText: 'Nothing on your site tells people yet. Ask your administrator.',
  },
};
