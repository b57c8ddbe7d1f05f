/** All French texts of the shell and of the pages of daily work, in one file of the build. */
import { fr as attachments } from '../domains/attachments/i18n/fr';
import { fr as documents } from '../domains/documents/i18n/fr';
import { fr as entreprises } from '../domains/entreprises/i18n/fr';
import { fr as formateurs } from '../domains/formateurs/i18n/fr';
import { fr as notifications } from '../domains/notifications/i18n/fr';
import { fr as opportunites } from '../domains/opportunites/i18n/fr';
import { fr as preuves } from '../domains/preuves/i18n/fr';
import { fr as roles } from '../domains/roles/i18n/fr';
import { fr as sessions } from '../domains/sessions/i18n/fr';
import { fr as stagiaires } from '../domains/stagiaires/i18n/fr';
import { fr as suivi } from '../domains/suivi/i18n/fr';
import { fr as shell } from '../shell/i18n/fr';

export const fr = {
  ...attachments,
  ...documents,
  ...entreprises,
  ...formateurs,
  ...notifications,
  ...opportunites,
  ...preuves,
  ...roles,
  ...sessions,
  ...stagiaires,
  ...suivi,
  ...shell,
};
