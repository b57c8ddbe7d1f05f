/** Texts of the second factor. Every page loads those of the sign-in page; these are for the pages that set it up. */
import { Texts } from '../../../shared/i18n/language';

export const FACTOR_TEXTS: Texts = {
  fr: async () => (await import('../i18n/factor.fr')).fr,
  en: async () => (await import('../i18n/factor.en')).en,
};
