//! Refuses a funding request while the payer is unknown: it needs the company's OPCO and the NAF code behind it.

import { allow, before, boolean, change, defineHook, fields, object, opportuniteOf, records, string, veto } from 'afpi-plugin';
import { opcoOf } from './opco.js';

/** The settings of each site. */
const settings = object({
  status: string({ fr: 'Statut protégé', en: 'Guarded status', default: 'en_attente_financement' }),
  naf: boolean({ fr: 'Exiger aussi le code NAF', en: 'Want the NAF code as well', default: true }),
});

export default defineHook({
  settings,

  subscriptions: () => [before('opportunite.moved')],

  before(wanted, event) {
    const subject = opportuniteOf(event);
    if (subject === null || change<{ target: string }>(event).target !== wanted.status) return allow;
    // A person who pays alone needs no OPCO.
    if (subject.kind === 'individuelle') return allow;

    const { opco, nafCode } = fields<{ opco: string; nafCode: string }>(records.entreprise(subject.entreprise));
    const name = subject.entrepriseName;
    if (!opco) return veto(`L’OPCO de ${name} n’est pas renseigné.`, `The OPCO of ${name} is not known.`);
    if (opcoOf(opco) === null) return veto(`« ${opco} » n’est pas un OPCO agréé.`, `“${opco}” is not a recognised OPCO.`);
    if (wanted.naf && !nafCode) return veto(`Le code NAF de ${name} n’est pas renseigné.`, `The NAF code of ${name} is not known.`);
    return allow;
  },
});
