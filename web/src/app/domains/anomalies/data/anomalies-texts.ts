/** Texts of findings: for their page, and for pages of records that they are about. */
import { Texts } from '../../../shared/i18n/language';

export const ANOMALIES_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
