import { en as accountEn } from '../domains/account/i18n/en';
import { en as factorEn } from '../domains/account/i18n/factor.en';
import { fr as factorFr } from '../domains/account/i18n/factor.fr';
import { fr as accountFr } from '../domains/account/i18n/fr';
import { en as companyEn } from '../domains/entreprises/i18n/company.en';
import { fr as companyFr } from '../domains/entreprises/i18n/company.fr';
import { en as companyBulkEn } from '../domains/entreprises/i18n/bulk.en';
import { fr as companyBulkFr } from '../domains/entreprises/i18n/bulk.fr';
import { en as opportuniteBulkEn } from '../domains/opportunites/i18n/bulk.en';
import { fr as opportuniteBulkFr } from '../domains/opportunites/i18n/bulk.fr';
import { en as listEn } from '../shared/lists/i18n/en';
import { fr as listFr } from '../shared/lists/i18n/fr';
import { en as keysEn } from '../shell/i18n/keys.en';
import { fr as keysFr } from '../shell/i18n/keys.fr';
import { en as homeEn } from '../domains/home/i18n/en';
import { fr as homeFr } from '../domains/home/i18n/fr';
import { en as digestEn } from '../domains/notifications/i18n/digest.en';
import { fr as digestFr } from '../domains/notifications/i18n/digest.fr';
import { en as dropBoxEn } from '../domains/suivi/i18n/drop-box.en';
import { fr as dropBoxFr } from '../domains/suivi/i18n/drop-box.fr';
import { en as mailsEn } from '../domains/suivi/i18n/mails.en';
import { fr as mailsFr } from '../domains/suivi/i18n/mails.fr';
import { en as pilotageEn } from '../domains/pilotage/i18n/en';
import { fr as pilotageFr } from '../domains/pilotage/i18n/fr';
import { en as planningEn } from '../domains/sessions/i18n/planning.en';
import { fr as planningFr } from '../domains/sessions/i18n/planning.fr';
import { en as columnEn } from '../shared/columns/i18n/en';
import { fr as columnFr } from '../shared/columns/i18n/fr';
import { en as sharedEn } from '../shared/i18n/en';
import { fr as sharedFr } from '../shared/i18n/fr';
import { en as vueEn } from '../domains/vues/i18n/en';
import { fr as vueFr } from '../domains/vues/i18n/fr';
import { en as administrationEn } from './administration/en';
import { fr as administrationFr } from './administration/fr';
import { en as ownEn } from './en';
import { fr as ownFr } from './fr';

const [fr, en] = [
  {
    ...sharedFr,
    ...accountFr,
    ...factorFr,
    ...companyFr,
    ...homeFr,
    ...digestFr,
    ...dropBoxFr,
    ...mailsFr,
    ...pilotageFr,
    ...planningFr,
    ...columnFr,
    ...vueFr,
    ...keysFr,
    ...listFr,
    ...opportuniteBulkFr,
    ...companyBulkFr,
    ...administrationFr,
    ...ownFr,
  },
  {
    ...sharedEn,
    ...accountEn,
    ...factorEn,
    ...companyEn,
    ...homeEn,
    ...digestEn,
    ...dropBoxEn,
    ...mailsEn,
    ...pilotageEn,
    ...planningEn,
    ...columnEn,
    ...vueEn,
    ...keysEn,
    ...listEn,
    ...opportuniteBulkEn,
    ...companyBulkEn,
    ...administrationEn,
    ...ownEn,
  },
];

/** Keys with the placeholders of their text, e.g. `home.hello {{name}}`. */
function keys(words: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    const at = path ? `${path}.${key}` : key;
    return typeof value === 'string'
      ? [[at, ...(value.match(/{{\w+}}/g) ?? []).sort()].join(' ')]
      : keys(value as object, at);
  });
}

describe('dictionaries', () => {
  it('have the same keys and the same placeholders in both languages', () => {
    expect(keys(en)).toEqual(keys(fr));
  });

  it('leave no text empty', () => {
    for (const words of [fr, en]) expect(JSON.stringify(words)).not.toContain(':""');
  });
});
