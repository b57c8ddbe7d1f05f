/** All English texts of the shell and of the pages of daily work, in one file of the build. */
import { en as attachments } from '../domains/attachments/i18n/en';
import { en as documents } from '../domains/documents/i18n/en';
import { en as entreprises } from '../domains/entreprises/i18n/en';
import { en as formateurs } from '../domains/formateurs/i18n/en';
import { en as notifications } from '../domains/notifications/i18n/en';
import { en as opportunites } from '../domains/opportunites/i18n/en';
import { en as preuves } from '../domains/preuves/i18n/en';
import { en as roles } from '../domains/roles/i18n/en';
import { en as sessions } from '../domains/sessions/i18n/en';
import { en as stagiaires } from '../domains/stagiaires/i18n/en';
import { en as suivi } from '../domains/suivi/i18n/en';
import { en as shell } from '../shell/i18n/en';

export const en = {
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
