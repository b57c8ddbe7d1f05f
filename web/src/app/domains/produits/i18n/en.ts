/** English texts of the domain produits. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  produits: {
    create: 'New product',
    edit: 'Edit the product',
    editOne: 'Edit {{name}}',
    search: 'Code, title, category…',
    withArchived: 'Include archived',
    title: 'Title',
    category: 'Category',
    duration: 'Duration',
    price: 'Price excl. VAT',
    vat: 'VAT',
    entity: 'Legal entity',
    network: 'Network',
    exempt: 'Exempt',
    archived: 'Archived',
    unit: { group: 'per group', day: 'per day', trainee: 'per trainee', hour: 'per hour' },
    none: 'No product',
    noneText: 'No training of the catalogue matches.',
  },
};
