/** The texts of saved views: files of their own, because no page waits for them. */
import { Texts } from '../../../shared/i18n/language';

export const VUE_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
