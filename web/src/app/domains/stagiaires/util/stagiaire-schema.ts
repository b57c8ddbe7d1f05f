/** The trainee's form as a schema, so that it is drawn and checked like every other form. */
import { JsonSchema } from '../../../shared/schema-form/schema';

const choice = (word: string, fr: string, en: string): object => ({ const: word, title: fr, 'x-title-en': en });

export const STATUSES = [
  choice('salarie', 'Salarié', 'Employee'),
  choice('demandeur_emploi', 'Demandeur d’emploi', 'Job seeker'),
  choice('alternant', 'Alternant', 'Apprentice'),
  choice('interimaire', 'Intérimaire', 'Temporary worker'),
  choice('independant', 'Indépendant', 'Self-employed'),
  choice('particulier', 'Particulier', 'Private person'),
  choice('autre', 'Autre', 'Other'),
];

export const STAGIAIRE_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['lastName', 'firstName'],
  properties: {
    lastName: { type: 'string', maxLength: 100, title: 'Nom', 'x-title-en': 'Last name' },
    firstName: { type: 'string', maxLength: 100, title: 'Prénom', 'x-title-en': 'First name' },
    birthDate: { type: 'string', format: 'date', title: 'Date de naissance', 'x-title-en': 'Date of birth' },
    email: { type: 'string', format: 'email', maxLength: 190, title: 'E-mail', 'x-title-en': 'E-mail' },
    phone: { type: 'string', maxLength: 40, title: 'Téléphone', 'x-title-en': 'Telephone' },
    company: { type: 'string', maxLength: 200, title: 'Entreprise', 'x-title-en': 'Company' },
    function: { type: 'string', maxLength: 120, title: 'Fonction', 'x-title-en': 'Function' },
    status: { type: 'string', oneOf: STATUSES, title: 'Statut', 'x-title-en': 'Status', 'x-widget': 'select' },
    needs: {
      type: 'string',
      maxLength: 2000,
      title: 'Besoins particuliers',
      'x-title-en': 'Special needs',
      description: 'Lus seulement par qui peut modifier ce stagiaire.',
      'x-description-en': 'Read only by who may edit this trainee.',
      'x-widget': 'textarea',
    },
  },
};
