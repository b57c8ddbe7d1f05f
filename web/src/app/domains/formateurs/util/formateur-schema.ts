/**
 * The trainer's form as a schema, so that its lists (certifications, absences) use the same rows as every other form.
 */
import { JsonSchema } from '../../../shared/schema-form/schema';

const text = (fr: string, en: string): JsonSchema => ({ type: 'string', title: fr, 'x-title-en': en });
const date = (fr: string, en: string): JsonSchema => ({ type: 'string', format: 'date', title: fr, 'x-title-en': en });

export const FORMATEUR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['name', 'kind'],
  properties: {
    name: text('Nom', 'Name'),
    kind: {
      title: 'Statut',
      'x-title-en': 'Status',
      oneOf: [
        { const: 'permanent', title: 'Permanent', 'x-title-en': 'Permanent' },
        { const: 'vacataire', title: 'Vacataire', 'x-title-en': 'Freelance' },
      ],
    },
    email: { ...text('E-mail', 'E-mail'), format: 'email' },
    phone: text('Téléphone', 'Phone'),
    hourlyRate: { type: 'integer', title: 'Taux horaire', 'x-title-en': 'Hourly rate', 'x-widget': 'money' },
    skills: { type: 'array', title: 'Compétences', 'x-title-en': 'Skills', items: { type: 'string' } },
    certifications: {
      type: 'array',
      title: 'Certifications',
      'x-title-en': 'Certifications',
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: text('Nom', 'Name'), expiresOn: date('Valable jusqu’au', 'Valid until') },
      },
    },
    unavailability: {
      type: 'array',
      title: 'Indisponibilités',
      'x-title-en': 'Absences',
      items: {
        type: 'object',
        required: ['from', 'to'],
        properties: { from: date('Du', 'From'), to: date('Au', 'To'), reason: text('Motif', 'Reason') },
      },
    },
    shared: {
      type: 'boolean',
      title: 'Formateur du réseau',
      'x-title-en': 'Network trainer',
      description: 'Les autres sites peuvent le réserver et lisent son nom.',
      'x-description-en': 'Other sites may book him and read his name.',
    },
    active: { type: 'boolean', title: 'Actif', 'x-title-en': 'Active' },
  },
};
