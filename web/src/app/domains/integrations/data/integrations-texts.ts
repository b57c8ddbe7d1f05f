/** Texts of the page of integrations. */
import { Texts } from '../../../shared/i18n/language';

export const INTEGRATIONS_TEXTS: Texts = {
  fr: async () => (await import('../i18n/fr')).fr,
  en: async () => (await import('../i18n/en')).en,
};
