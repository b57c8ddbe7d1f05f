/** Texts of directories of companies: for the forms that are filled from them. */
import { Texts } from '../../../shared/i18n/language';

export const ANNUAIRE_TEXTS: Texts = {
  fr: async () => (await import('../i18n/annuaire.fr')).fr,
  en: async () => (await import('../i18n/annuaire.en')).en,
};
