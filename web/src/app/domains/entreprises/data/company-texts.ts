/** Texts of the page of a company. The other pages do not load them. */
import { Texts } from '../../../shared/i18n/language';

export const COMPANY_TEXTS: Texts = {
  fr: async () => (await import('../i18n/company.fr')).fr,
  en: async () => (await import('../i18n/company.en')).en,
};
