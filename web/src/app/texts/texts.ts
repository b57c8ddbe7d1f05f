/** The texts of the application beside the shared ones: lazy files of the build, for each language. */
import { Texts } from '../shared/i18n/language';

/** Those of the sign-in page, which the first visit waits for. */
export const SIGN_IN_TEXTS: Texts = {
  fr: async () => (await import('../domains/account/i18n/fr')).fr,
  en: async () => (await import('../domains/account/i18n/en')).en,
};

/** Those of the frame and of the pages of daily work. */
export const PAGE_TEXTS: Texts = {
  fr: async () => (await import('./fr')).fr,
  en: async () => (await import('./en')).en,
};

/** Those of pages that few people open: billing and the administration. */
export const ADMINISTRATION_TEXTS: Texts = {
  fr: async () => (await import('./administration/fr')).fr,
  en: async () => (await import('./administration/en')).en,
};
