/** Texts of absences: for the page of one's own account, and for the one of somebody else. */
import { Texts } from '../../../shared/i18n/language';

export const ABSENCE_TEXTS: Texts = {
  fr: async () => (await import('../i18n/absence.fr')).fr,
  en: async () => (await import('../i18n/absence.en')).en,
};
