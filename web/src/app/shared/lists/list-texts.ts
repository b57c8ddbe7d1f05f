/** The texts of what lists load when it is asked for. */
import { Texts } from '../i18n/language';

export const LIST_TEXTS: Texts = {
  fr: async () => (await import('./i18n/fr')).fr,
  en: async () => (await import('./i18n/en')).en,
};
