/** Texts of the bin: for its page, and for pages of records that are in it or go there. */
import { Texts } from '../../../shared/i18n/language';

export const CORBEILLE_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
