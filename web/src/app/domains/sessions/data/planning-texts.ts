/** Texts of the planning board. The other pages do not load them. */
import { Texts } from '../../../shared/i18n/language';

export const PLANNING_TEXTS: Texts = {
  fr: async () => (await import('../i18n/planning.fr')).fr,
  en: async () => (await import('../i18n/planning.en')).en,
};
