//! Refuses to ask for funding while it is not known who would pay: the company's OPCO and the NAF code it follows from.

import { allow, before, boolean, change, defineHook, fields, object, opportuniteOf, records, string, veto } from 'afpi-plugin';
import { opcoOf } from './opco.js';

/** What an administrator sets on each site. */
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
    // Who comes on his own account asks no OPCO.
    if (subject.kind === 'individuelle') return allow;

    const { opco, nafCode } = fields<{ opco: string; nafCode: string }>(records.entreprise(subject.entreprise));
    const name = subject.entrepriseName;
    if (!opco) return veto(`L’OPCO de ${name} n’est pas renseigné.`, `The OPCO of ${name} is not known.`);
    if (opcoOf(opco) === null) return veto(`« ${opco} » n’est pas un OPCO agréé.`, `“${opco}” is not a recognised OPCO.`);
    if (wanted.naf && !nafCode) return veto(`Le code NAF de ${name} n’est pas renseigné.`, `The NAF code of ${name} is not known.`);
    return allow;
  },
});
