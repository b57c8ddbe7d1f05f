/** Texts of figures and targets, for the pages that show them. */
import { Texts } from '../../../shared/i18n/language';

export const PILOTAGE_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
