/** The room's form as a schema, so that it is drawn and checked like every other form. */
import { JsonSchema } from '../../../shared/schema-form/schema';

export const SALLE_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', maxLength: 120, title: 'Nom', 'x-title-en': 'Name' },
    capacity: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      title: 'Capacité',
      'x-title-en': 'Capacity',
      description: 'Nombre de stagiaires.',
      'x-description-en': 'Number of trainees.',
    },
    equipment: { type: 'array', title: 'Équipement', 'x-title-en': 'Equipment', items: { type: 'string' } },
    active: {
      type: 'boolean',
      title: 'Active',
      'x-title-en': 'Active',
      description: 'Une salle inactive n’est plus proposée ; ses réservations restent.',
      'x-description-en': 'An inactive room is no longer offered; its bookings stay.',
    },
  },
};
