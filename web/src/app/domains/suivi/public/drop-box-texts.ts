/** Texts of the drop box. Only the pages that show it load them. */
import { Texts } from '../../../shared/i18n/language';

export const DROP_BOX_TEXTS: Texts = {
  fr: async () => (await import('../i18n/drop-box.fr')).fr,
  en: async () => (await import('../i18n/drop-box.en')).en,
};
