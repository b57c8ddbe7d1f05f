/** Texts of the page of one's own account. Every page loads those of the sign-in page; these are for few. */
import { Texts } from '../../../shared/i18n/language';

export const FACTOR_TEXTS: Texts = {
  fr: async () => (await import('../i18n/factor.fr')).fr,
  en: async () => (await import('../i18n/factor.en')).en,
};
