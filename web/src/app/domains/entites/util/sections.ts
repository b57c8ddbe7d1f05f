/** What documents say of a legal entity and of a site, section by section, as schemas: drawn and checked as all forms. */
import { Text } from '../../../api/models/text';
import { JsonObject, JsonSchema } from '../../../shared/schema-form/schema';

/** A section of the page, with the form that changes it. */
export interface Section {
  id: 'identity' | 'bank' | 'signatory' | 'look' | 'terms' | 'site';
  label: Text;
  schema: JsonSchema;
}

type Kind = 'long' | 'email' | 'money' | 'integer' | 'percent';

/** A field: French and English label, the longest text, its kind, and hints in both languages. */
function field(fr: string, en: string, most: number, kind?: Kind, hint?: [string, string]): JsonSchema {
  const said = { title: fr, 'x-title-en': en, ...(hint ? { description: hint[0], 'x-description-en': hint[1] } : {}) };
  switch (kind) {
    case 'long':
      return { ...said, type: 'string', maxLength: most, 'x-widget': 'textarea' };
    case 'email':
      return { ...said, type: 'string', maxLength: most, format: 'email' };
    case 'money':
      return { ...said, type: 'integer', minimum: 0, maximum: most, 'x-widget': 'money' };
    case 'integer':
      return { ...said, type: 'integer', minimum: 0, maximum: most };
    case 'percent':
      return { ...said, type: 'number', minimum: 0, maximum: most, multipleOf: 0.01 };
    case undefined:
      return { ...said, type: 'string', maxLength: most };
  }
}

function form(properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema {
  return { type: 'object', required, properties };
}

export const ENTITY: readonly Section[] = [
  {
    id: 'identity',
    label: { fr: 'Identité', en: 'Identity' },
    schema: form(
      {
        name: field('Raison sociale', 'Name', 200),
        legalForm: field('Forme juridique', 'Legal form', 80, undefined, [
          'Association loi 1901, SAS…',
          'Association loi 1901, SAS…',
        ]),
        siret: field('SIRET du siège', 'SIRET of the seat', 40),
        vatNumber: field('Numéro de TVA', 'VAT number', 40, undefined, [
          'Vide pour un organisme sans numéro de TVA.',
          'Empty for a body without VAT number.',
        ]),
        nda: field('Numéro de déclaration d’activité', 'Declaration number', 20),
        ndaRegion: field('Région du préfet', 'Region of the prefect', 120, undefined, [
          'La déclaration est enregistrée auprès du préfet de cette région.',
          'The declaration is registered with the prefect of this region.',
        ]),
        rcs: field('RCS', 'Trade register', 120),
        capital: field('Capital', 'Capital', 100_000_000_000, 'money'),
        line1: field('Adresse', 'Address', 250),
        line2: field('Complément d’adresse', 'Address, second line', 250),
        postcode: field('Code postal', 'Postcode', 10),
        city: field('Ville', 'Town', 120),
      },
      ['name'],
    ),
  },
  {
    id: 'bank',
    label: { fr: 'Banque', en: 'Bank' },
    schema: form({
      bank: field('Banque', 'Bank', 120),
      iban: field('IBAN', 'IBAN', 60, undefined, [
        'Imprimé sur les factures : les virements y arrivent.',
        'Printed on invoices: transfers arrive there.',
      ]),
      bic: field('BIC', 'BIC', 30),
    }),
  },
  {
    id: 'signatory',
    label: { fr: 'Signataire et contact', en: 'Signatory and contact' },
    schema: form({
      signatoryName: field('Signataire', 'Signatory', 120),
      signatoryQuality: field('Qualité', 'Quality', 120, undefined, ['Directeur général…', 'Managing director…']),
      email: field('E-mail', 'E-mail', 190, 'email'),
      phone: field('Téléphone', 'Phone', 40),
      website: field('Site web', 'Website', 200),
    }),
  },
  {
    id: 'terms',
    label: { fr: 'Conditions', en: 'Terms' },
    schema: form({
      paymentTerms: field('Conditions de paiement', 'Payment terms', 600, 'long'),
      paymentDays: field('Délai de paiement (jours)', 'Days to pay', 60, 'integer', [
        'La loi permet 60 jours au plus entre entreprises.',
        'The law allows at most 60 days between companies.',
      ]),
      penaltyRate: field('Pénalités de retard (% par an)', 'Late penalties (% a year)', 100, 'percent'),
      mediator: field('Médiateur de la consommation', 'Consumer mediator', 600, 'long'),
    }),
  },
  {
    id: 'look',
    label: { fr: 'Apparence', en: 'Look' },
    schema: form({
      colour: field('Couleur', 'Colour', 7, undefined, ['Par exemple #1F4E79.', 'For example #1F4E79.']),
      footer: field('Pied de page', 'Footer', 600, 'long'),
    }),
  },
];

export const SITE: Section = {
  id: 'site',
  label: { fr: 'Site', en: 'Site' },
  schema: form(
    {
      name: field('Nom', 'Name', 120),
      address: field('Adresse', 'Address', 250),
      line2: field('Complément d’adresse', 'Address, second line', 250),
      postcode: field('Code postal', 'Postcode', 10),
      city: field('Ville', 'Town', 120),
      phone: field('Téléphone', 'Phone', 40),
      email: field('E-mail', 'E-mail', 190, 'email'),
      access: field('Comment venir', 'How to come', 2000, 'long'),
      referentName: field('Référent handicap', 'Disability referent', 120),
      referentEmail: field('E-mail du référent', 'E-mail of the referent', 190, 'email'),
      referentPhone: field('Téléphone du référent', 'Phone of the referent', 40),
      pedagogicalContact: field('Contact pédagogique', 'Pedagogical contact', 200),
      rulesVersion: field('Version du règlement intérieur', 'Version of the house rules', 40),
      mailClosingFr: field('Fin des e-mails (français)', 'End of mails (French)', 2000, 'long', [
        'Ajoutée sous chaque e-mail qui envoie un document.',
        'Added below every mail that sends a document.',
      ]),
      mailClosingEn: field('Fin des e-mails (anglais)', 'End of mails (English)', 2000, 'long'),
    },
    ['name', 'city'],
  ),
};

/** The part of a record that a form shows. The server counts the penalty rate in hundredths of a percent. */
export function shown(record: object, keys: readonly string[]): JsonObject {
  const all = record as JsonObject;
  return Object.fromEntries(
    keys.map((key) => {
      const value = all[key] ?? null;
      return [key, key === 'penaltyRate' && typeof value === 'number' ? value / 100 : value];
    }),
  );
}

/** The body of the request for what a form says. `null` clears. */
export function sent(value: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.map((key) => {
      const typed = value[key] === '' ? null : (value[key] ?? null);
      return [key, key === 'penaltyRate' && typeof typed === 'number' ? Math.round(typed * 100) : typed];
    }),
  );
}
