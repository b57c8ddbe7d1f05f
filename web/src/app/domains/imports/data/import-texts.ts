/** Texts of imports: for their pages, beside those of daily work. */
import { Texts } from '../../../shared/i18n/language';

export const IMPORT_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
