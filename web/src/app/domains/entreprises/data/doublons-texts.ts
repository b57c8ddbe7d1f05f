/** Texts of duplicates and merges: for the pages that show them, beside those of daily work. */
import { Texts } from '../../../shared/i18n/language';

export const DOUBLONS_TEXTS: Texts = {
  fr: async () => (await import('../i18n/doublons.fr')).fr,
  en: async () => (await import('../i18n/doublons.en')).en,
};
