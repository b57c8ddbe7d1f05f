/** The session's form as a schema, so that it is drawn and checked like every other form. */
import { BpfNomenclature } from '../../../api/models/bpf-nomenclature';
import { JsonSchema } from '../../../shared/schema-form/schema';

const count = { type: 'integer', minimum: 1, maximum: 1000 };

/** What can be changed. The number comes from the plannings; half-days have a form of their own. */
export function sessionSchema({ objectifs, specialites }: BpfNomenclature): JsonSchema {
  return { type: 'object', required: ['title'], properties: properties(objectifs, specialites) };
}

function properties(
  objectifs: BpfNomenclature['objectifs'],
  specialites: BpfNomenclature['specialites'],
): Record<string, unknown> {
  return {
    title: { type: 'string', maxLength: 200, title: 'Intitulé', 'x-title-en': 'Title', 'x-suggest': 'produits' },
    status: {
      type: 'string',
      title: 'Statut',
      'x-title-en': 'Status',
      'x-widget': 'select',
      oneOf: [
        { const: 'prevue', title: 'Prévue', 'x-title-en': 'Planned' },
        { const: 'confirmee', title: 'Confirmée', 'x-title-en': 'Confirmed' },
        { const: 'realisee', title: 'Réalisée', 'x-title-en': 'Held' },
        { const: 'annulee', title: 'Annulée', 'x-title-en': 'Cancelled' },
      ],
    },
    capacityMin: { ...count, title: 'Effectif minimal', 'x-title-en': 'Fewest trainees' },
    capacityMax: { ...count, title: 'Effectif maximal', 'x-title-en': 'Most trainees' },
    programme: {
      type: 'string',
      maxLength: 8000,
      title: 'Programme',
      'x-title-en': 'Programme',
      'x-widget': 'textarea',
      'x-pick': 'programme',
    },
    objectif: {
      type: 'string',
      title: 'Objectif (BPF)',
      'x-title-en': 'Objective (yearly report)',
      'x-widget': 'select',
      oneOf: objectifs.map(({ code, label }) => ({ const: code, title: label.fr, 'x-title-en': label.en })),
    },
    specialite: {
      type: 'string',
      title: 'Spécialité (BPF)',
      'x-title-en': 'Speciality (yearly report)',
      'x-widget': 'select',
      oneOf: specialites.map(({ code, label }) => ({ const: code, title: `${code} ${label.fr}` })),
    },
  };
}

/** The form of a new session: it has a number, and no status yet. */
export function newSession(nomenclature: BpfNomenclature): JsonSchema {
  const { status: _, ...others } = properties(nomenclature.objectifs, nomenclature.specialites);
  const numero = {
    type: 'string',
    maxLength: 80,
    title: 'Numéro',
    'x-title-en': 'Number',
    description: 'Les planifications inter-entreprises qui portent ce numéro la rejoignent.',
    'x-description-en': 'Inter-company plannings with this number join it.',
  };
  return { type: 'object', required: ['numero', 'title'], properties: { numero, ...others } };
}

/** Who teaches where, for each half-day. */
export const HALF_DAYS_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    halfDays: {
      type: 'array',
      maxItems: 800,
      title: 'Demi-journées',
      'x-title-en': 'Half-days',
      'x-widget': 'halfdays',
      items: {
        type: 'object',
        required: ['day', 'half'],
        properties: {
          day: { type: 'string', format: 'date', title: 'Jour', 'x-title-en': 'Day' },
          half: {
            type: 'string',
            title: 'Demi-journée',
            'x-title-en': 'Half-day',
            'x-widget': 'select',
            oneOf: [
              { const: 'am', title: 'Matin', 'x-title-en': 'Morning' },
              { const: 'pm', title: 'Après-midi', 'x-title-en': 'Afternoon' },
            ],
          },
          formateurId: { type: 'string', title: 'Formateur', 'x-title-en': 'Trainer', 'x-widget': 'formateur' },
          salleId: { type: 'string', title: 'Salle', 'x-title-en': 'Room', 'x-widget': 'salle' },
        },
      },
    },
  },
};
