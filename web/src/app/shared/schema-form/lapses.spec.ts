import { Columns, key } from './clashes';
import { lapsesOf } from './lapses';

const columns = { day: 'jour', half: 'demi', taken: [{ key: 'formateur' }] } as unknown as Columns;

describe('what has lapsed', () => {
  it('is told once with its rows; the last day is still valid', () => {
    const rows = ['2027-03-09', '2027-03-10', '2027-03-11', null].map((jour) => ({ jour, formateur: 'anne' }));
    const expiry = { name: 'Habilitation', on: '2027-03-09' };
    const expiries = new Map([[key('formateur', 'anne'), [expiry, { name: null, on: '2028-01-01' }]]]);
    expect(lapsesOf(rows, columns, expiries)).toEqual([{ column: 'formateur', id: 'anne', expiry, rows: [1, 2] }]);
    expect(lapsesOf([{ jour: '2027-03-10', formateur: 'bruno' }], columns, expiries)).toEqual([]);
  });
});
