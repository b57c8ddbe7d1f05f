import { bound, boundAll } from './typography';

describe('typography', () => {
  it('keeps together what French does not part', () => {
    expect(bound('Renvoyé par Anne : voir « Dates » ; 20 % de 5 € ! Oui ?')).toBe(
      'Renvoyé par Anne\u00a0: voir «\u00a0Dates\u00a0»\u00a0; 20\u00a0% de 5\u00a0€\u00a0! Oui\u00a0?',
    );
  });

  it('leaves addresses, times and places of the dictionary as they are', () => {
    for (const text of ['https://crm.test/a?b=1', '10:30', '{{n}} champ{{n||s}}']) expect(bound(text)).toBe(text);
  });

  it('goes through a whole dictionary', () => {
    expect(boundAll({ a: { b: 'Total : {{n}}' }, c: 'x' })).toEqual({ a: { b: 'Total\u00a0: {{n}}' }, c: 'x' });
  });
});
