import { fieldName, page, shown } from './words';

describe('the journal in words', () => {
  it('leads to records that are still there', () => {
    const name = { fr: 'ACME', en: 'ACME' };
    expect(page({ kind: 'entreprise', id: '1', name })).toEqual(['/entreprises', '1']);
    expect(page({ kind: 'entreprise', id: '1' })).toBeNull();
    expect(page({ kind: 'queue', id: 'mail' })).toBeNull();
  });

  it('shows values of every shape', () => {
    expect(fieldName({ field: '/address/city', from: null, to: null })).toBe('address.city');
    expect([null, '', [], 0, false, 'x'].map(shown)).toEqual(['', '', '', '0', 'false', 'x']);
    expect(shown({ city: 'Rennes', line2: null, tags: ['a', 'b'] })).toBe('city : Rennes, tags : a, b');
  });
});
