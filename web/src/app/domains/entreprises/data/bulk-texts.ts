/** The texts of what can be done with several companies at once, loaded with it. */
import { Texts } from '../../../shared/i18n/language';

export const BULK_TEXTS: Texts = {
  fr: async () => (await import('../i18n/bulk.fr')).fr,
  en: async () => (await import('../i18n/bulk.en')).en,
};
