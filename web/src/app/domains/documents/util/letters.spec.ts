import { DocumentBatchPlanItem } from '../../../api/models/document-batch-plan-item';
import { asked, planned, sendable } from './letters';

const item = {
  pieces: [{ id: 'a' }, { id: 'b' }],
  recipients: ['compta@opco.fr'],
  mail: { subject: 'Rappel : 2 factures', body: 'Bonjour,' },
} as unknown as DocumentBatchPlanItem;

describe('a letter of reminder', () => {
  it('begins as it is planned, and leaves its text to the server', () => {
    const letter = planned(item);
    expect(letter).toEqual({
      pieces: ['a', 'b'],
      to: 'compta@opco.fr',
      subject: 'Rappel : 2 factures',
      body: 'Bonjour,',
    });
    expect(asked(item, letter)).toEqual({ pieces: ['a', 'b'], to: ['compta@opco.fr'] });
  });

  it('takes the text of a person', () => {
    const letter = { ...planned(item), to: 'a@b.fr; c@d.fr', body: 'Comme convenu.' };
    const mail = { subject: 'Rappel : 2 factures', body: 'Comme convenu.' };
    expect(asked(item, letter)).toEqual({ pieces: ['a', 'b'], to: ['a@b.fr', 'c@d.fr'], mail });
  });

  it('is about something, and has a text', () => {
    const letter = planned(item);
    expect(sendable(letter)).toBe(true);
    expect(sendable({ ...letter, to: '' })).toBe(true);
    for (const wrong of [{ pieces: [] }, { to: 'personne' }, { subject: ' ' }, { body: '' }]) {
      expect(sendable({ ...letter, ...wrong })).toBe(false);
    }
  });
});
