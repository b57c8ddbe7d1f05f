/** English texts of directories of companies. */
import { Words } from '../../../shared/i18n/words';
import { fr } from './annuaire.fr';

export const en: Words<typeof fr> = {
  annuaire: {
    hint: 'Type a SIRET or a name: {{source}} offers to fill in the form.',
    found: '{{source}} proposes:',
    none: '{{source}} does not know this company.',
    fill: 'Fill in the form',
    fillWith: 'Fill in the form from {{name}}, {{siret}}',
    closed: 'Establishment closed',
    known: 'Already in the CRM',
    open: 'Open {{name}}',
    take: 'Take {{name}}',
    elsewhere: 'Already looked after by another site',
    filled: 'Form filled in from {{source}}. What you typed is kept.',
    agreements: 'Several collective agreements: {{codes}}.',
    headcount: 'Declared headcount: {{least}} to {{most}} employees.',
    headcountOver: 'Declared headcount: at least {{least}} employees.',
    opco: 'Proposed OPCO: {{name}}, from agreement {{idcc}}.',
    opcoSource: '{{source}} ({{date}}).',
    opcoTake: 'Use {{name}}',
  },
};
