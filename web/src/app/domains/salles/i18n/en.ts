/** English texts of the domain salles. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './fr';

export const en: Words<typeof fr> = {
  salles: {
    create: 'New room',
    edit: 'Edit the room',
    editOne: 'Edit {{name}}',
    search: 'Name, equipment…',
    withInactive: 'Include inactive',
    name: 'Name',
    capacity: 'Capacity',
    equipment: 'Equipment',
    site: 'Site',
    inactive: 'Inactive',
    none: 'No room',
    noneText: 'No room matches here.',
  },
};
