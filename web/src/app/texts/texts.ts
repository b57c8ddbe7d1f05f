/** The texts of the whole application beside the shared ones: a lazy file of the build for each language. */
import { Texts } from '../shared/i18n/language';

export const TEXTS: Texts = {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
};
