/** Texts of the digest. Every page loads those of the notifications; these are for one. */
import { Texts } from '../../../shared/i18n/language';

export const DIGEST_TEXTS: Texts = {
  fr: async () => (await import('../i18n/digest.fr')).fr,
  en: async () => (await import('../i18n/digest.en')).en,
};
