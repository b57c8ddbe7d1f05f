/** The forms of the reminder steps and of the accounts, as spreadsheets. Pure. */
import { Account } from '../../../api/models/account';
import { AccountInput } from '../../../api/models/account-input';
import { RelanceStep } from '../../../api/models/relance-step';
import { RelanceStepInput } from '../../../api/models/relance-step-input';
import { JsonObject, JsonSchema } from '../../../shared/schema-form/schema';

export const STEPS_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    steps: {
      type: 'array',
      title: 'Échéances',
      'x-title-en': 'Steps',
      'x-widget': 'grid',
      items: {
        type: 'object',
        required: ['days', 'labelFr', 'labelEn'],
        properties: {
          days: {
            type: 'integer',
            minimum: 1,
            maximum: 365,
            title: 'Jours après l’échéance',
            'x-title-en': 'Days after the due day',
          },
          labelFr: { type: 'string', maxLength: 120, title: 'Libellé', 'x-title-en': 'French label' },
          labelEn: { type: 'string', maxLength: 120, title: 'Libellé anglais', 'x-title-en': 'English label' },
          payerKind: {
            type: 'string',
            maxLength: 40,
            title: 'Type de payeur (vide : tous les autres)',
            'x-title-en': 'Kind of payer (empty: all others)',
          },
        },
      },
    },
  },
};

export const ACCOUNTS_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    accounts: {
      type: 'array',
      title: 'Comptes',
      'x-title-en': 'Accounts',
      'x-widget': 'grid',
      items: {
        type: 'object',
        required: ['key', 'number', 'label'],
        properties: {
          key: { type: 'string', maxLength: 60, title: 'Usage', 'x-title-en': 'Use' },
          number: { type: 'string', maxLength: 12, title: 'Compte', 'x-title-en': 'Account' },
          label: { type: 'string', maxLength: 100, title: 'Intitulé', 'x-title-en': 'Name' },
        },
      },
    },
  },
};

export function stepsDocument(steps: readonly RelanceStep[]): JsonObject {
  return {
    steps: steps.map(({ days, label, payerKind }) => ({
      days,
      labelFr: label.fr,
      labelEn: label.en,
      ...(payerKind ? { payerKind } : {}),
    })),
  };
}

export function stepsOf(document: JsonObject): RelanceStepInput[] {
  return rowsOf(document['steps']) as unknown as RelanceStepInput[];
}

export function accountsDocument(accounts: readonly Account[]): JsonObject {
  return { accounts: accounts.map(({ key, number, label }) => ({ key, number, label })) };
}

/** Only those that differ from the usual ones are kept, so that a usual one that changes later is followed. */
export function accountsOf(document: JsonObject, usual: readonly Account[]): AccountInput[] {
  const same = (one: AccountInput): boolean =>
    usual.some(({ key, number, label }) => key === one.key && number === one.number && label === one.label);
  return (rowsOf(document['accounts']) as unknown as AccountInput[]).filter((one) => !same(one));
}

function rowsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
