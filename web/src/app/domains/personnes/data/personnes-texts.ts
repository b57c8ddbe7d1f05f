/** Texts of the page of personal data. */
import { Texts } from '../../../shared/i18n/language';

export const PERSONNES_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
