/** The form of a product as a schema, so that it is drawn and checked like every other form. */
import { Produit } from '../../../api/models/produit';
import { JsonObject, JsonSchema } from '../../../shared/schema-form/schema';
import { hoursOf } from './quantity';

const prose = (title: string, english: string, maxLength: number) => ({
  type: 'string',
  maxLength,
  title,
  'x-title-en': english,
  'x-widget': 'textarea',
});

export const PRODUIT_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['code', 'title', 'priceUnit', 'vatRate'],
  properties: {
    code: { type: 'string', maxLength: 40, title: 'Code', 'x-title-en': 'Code' },
    title: { type: 'string', maxLength: 200, title: 'Intitulé', 'x-title-en': 'Title' },
    category: { type: 'string', maxLength: 120, title: 'Catégorie', 'x-title-en': 'Category' },
    modality: {
      type: 'string',
      title: 'Modalité',
      'x-title-en': 'Mode',
      oneOf: [
        { const: 'presentiel', title: 'En présentiel', 'x-title-en': 'On site' },
        { const: 'distanciel', title: 'À distance', 'x-title-en': 'Remote' },
        { const: 'mixte', title: 'Mixte', 'x-title-en': 'Mixed' },
        { const: 'afest', title: 'En situation de travail (AFEST)', 'x-title-en': 'On the job (AFEST)' },
      ],
    },
    hours: {
      type: 'number',
      multipleOf: 0.01,
      title: 'Durée (heures)',
      'x-title-en': 'Duration (hours)',
    },
    price: { type: 'integer', 'x-widget': 'money', title: 'Prix HT', 'x-title-en': 'Price excl. VAT' },
    priceUnit: {
      type: 'string',
      default: 'group',
      title: 'Unité du prix',
      'x-title-en': 'Price unit',
      oneOf: [
        { const: 'group', title: 'par groupe', 'x-title-en': 'per group' },
        { const: 'day', title: 'par jour', 'x-title-en': 'per day' },
        { const: 'trainee', title: 'par stagiaire', 'x-title-en': 'per trainee' },
        { const: 'hour', title: 'par heure', 'x-title-en': 'per hour' },
      ],
    },
    vatRate: {
      type: 'integer',
      default: 0,
      title: 'TVA',
      'x-title-en': 'VAT',
      'x-widget': 'select',
      oneOf: [
        { const: 0, title: 'Exonéré', 'x-title-en': 'Exempt' },
        { const: 2000, title: '20 %', 'x-title-en': '20%' },
      ],
    },
    legalEntityId: {
      type: 'string',
      title: 'Entité légale',
      'x-title-en': 'Legal entity',
      'x-widget': 'entite-legale',
      description: 'Vide : un produit du réseau.',
      'x-description-en': 'Empty: a product of the network.',
    },
    objectives: prose('Objectifs', 'Aims', 4000),
    prerequisites: prose('Prérequis', 'Prerequisites', 4000),
    programme: prose('Programme', 'Programme', 8000),
    active: {
      type: 'boolean',
      title: 'Actif',
      'x-title-en': 'Active',
      description: 'Un produit archivé n’est plus proposé ; les devis qui l’ont repris restent.',
      'x-description-en': 'An archived product is no longer offered; quotes made from it stay.',
    },
  },
};

/** The form of a new product; `tied` to sites, one has a legal entity. */
export function schemaOf(record: Produit | null, tied: boolean): JsonSchema {
  const { active, ...properties } = PRODUIT_SCHEMA['properties'] as Record<string, JsonSchema>;
  const { description: _, 'x-description-en': __, ...entity } = properties['legalEntityId'] ?? {};
  return {
    ...PRODUIT_SCHEMA,
    required: [...(PRODUIT_SCHEMA['required'] as string[]), ...(tied ? ['legalEntityId'] : [])],
    properties: {
      ...properties,
      ...(tied ? { legalEntityId: entity } : {}),
      ...(record ? { active } : {}),
    },
  };
}

/** The product as its form shows it: in hours. */
export function documentOf(record: Produit | null): JsonObject {
  if (!record) return {};
  const { durationMinutes: _, legalEntity: __, id: ___, version: ____, ...fields } = record;
  return { ...(fields as unknown as JsonObject), hours: hoursOf(record) };
}

/** The fields of a request. */
export function requestOf({ hours, ...fields }: JsonObject): JsonObject {
  return { ...fields, durationMinutes: typeof hours === 'number' ? Math.round(hours * 60) : null };
}
