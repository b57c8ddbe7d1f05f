import { fieldsOf } from '../../../shared/schema-form/schema';
import { ENTITY, SITE, sent, shown } from './sections';

describe('the sections of a legal entity', () => {
  it('show each field once', () => {
    const keys = ENTITY.flatMap(({ schema }) => fieldsOf(schema)).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('iban');
    expect(fieldsOf(SITE.schema).map(({ key }) => key)).toContain('access');
  });

  it('have labels in both languages', () => {
    for (const { label } of [...ENTITY, SITE].flatMap(({ schema }) => fieldsOf(schema))) {
      expect(label.fr).toBeTruthy();
      expect(label.en).toBeTruthy();
    }
  });

  it('show the penalty rate in percent and send it in hundredths', () => {
    const form = shown({ penaltyRate: 1215, paymentTerms: '30 jours' }, ['penaltyRate', 'paymentTerms', 'mediator']);
    expect(form).toEqual({ penaltyRate: 12.15, paymentTerms: '30 jours', mediator: null });
    expect(sent({ ...form, paymentTerms: '' }, ['penaltyRate', 'paymentTerms', 'mediator'])).toEqual({
      penaltyRate: 1215,
      paymentTerms: null,
      mediator: null,
    });
  });
});
