import { accountsDocument, accountsOf, stepsDocument, stepsOf } from './settings-schemas';

describe('settings of invoicing as spreadsheets', () => {
  it('keep what was read when nothing changes', () => {
    const steps = [
      { step: 1, days: 7, label: { fr: 'Rappel', en: 'Reminder' } },
      { step: 1, days: 30, label: { fr: 'Relance', en: 'Reminder' }, payerKind: 'opco' },
    ];
    expect(stepsOf(stepsDocument(steps))).toEqual([
      { days: 7, labelFr: 'Rappel', labelEn: 'Reminder' },
      { days: 30, labelFr: 'Relance', labelEn: 'Reminder', payerKind: 'opco' },
    ]);
  });

  it('send the accounts that differ from the usual ones', () => {
    const clients = { key: 'clients', number: '41100000', label: 'Clients', usual: true };
    const bank = { key: 'banque', number: '51200000', label: 'Banque', usual: false };
    const document = accountsDocument([clients, bank]);
    expect(accountsOf(document, [clients])).toEqual([{ key: 'banque', number: '51200000', label: 'Banque' }]);
    expect(accountsOf({}, [clients])).toEqual([]);
  });
});
