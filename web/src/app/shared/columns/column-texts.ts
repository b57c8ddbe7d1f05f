/** The texts of the choice of columns, loaded with it. */
import { Texts } from '../i18n/language';

export const COLUMN_TEXTS: Texts = {
  fr: async () => (await import('./i18n/fr')).fr,
  en: async () => (await import('./i18n/en')).en,
};
