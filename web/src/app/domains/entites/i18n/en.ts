/** English texts of the domain entites. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  entites: {
    intro: 'What documents say of your legal entities and sites.',
    introEdit:
      'What quotes, conventions and invoices say of legal entities and sites. Documents that were issued do not change.',
    entities: 'Legal entities',
    sites: 'Sites',
    edit: 'Edit',
    editOne: 'Edit: {{name}}',
    open: 'Without a value: {{fields}}.',
    next: 'The change applies to documents to come.',
    preview: 'Preview of documents',
    logoOf: 'Logo of {{name}}',
    noLogo: 'No logo',
    chooseLogo: 'Choose a logo',
    removeLogo: 'Remove the logo',
    logoHint: 'A PNG or JPEG picture of at most 1 MiB.',
  },
};
