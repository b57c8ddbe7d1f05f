/** Texts of the start page. The other pages do not load them. */
import { Texts } from '../../../shared/i18n/language';

export const HOME_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
