/** Texts of the page of one's mails. The other pages do not load them. */
import { Texts } from '../../../shared/i18n/language';

export const MAIL_TEXTS: Texts = {
  fr: async () => (await import('../i18n/mails.fr')).fr,
  en: async () => (await import('../i18n/mails.en')).en,
};
