import { withPicked } from './picked';
import { fieldsOf } from './schema';

const FIELDS = fieldsOf({
  type: 'object',
  properties: {
    objectifs: { type: 'string', 'x-pick': 'objectives' },
    unite: { type: 'string', 'x-pick': 'unit', 'x-pick-as': { hour: 'heure' } },
    lieu: { type: 'string' },
  },
});
const one = (unit: string) => ({ label: 'TIG', detail: '', values: { objectives: 'Souder', unit } });

describe('a chosen suggestion', () => {
  it('fills in the fields that pick a value, in their words', () => {
    expect(withPicked(FIELDS, { lieu: 'Ici', unite: 'jour' }, one('hour'), false)).toEqual({
      objectifs: 'Souder',
      unite: 'heure',
      lieu: 'Ici',
    });
    expect(withPicked(FIELDS, { unite: 'jour' }, one('week'), false)).toEqual({ objectifs: 'Souder' });
  });

  it('keeps what was typed in a form', () => {
    expect(withPicked(FIELDS, { objectifs: 'Les miens', unite: '' }, one('hour'), true)).toEqual({
      objectifs: 'Les miens',
      unite: 'heure',
    });
  });
});
