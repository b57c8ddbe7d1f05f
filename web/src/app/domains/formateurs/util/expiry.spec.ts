import { standings } from './expiry';

describe('what expires', () => {
  it('is told from a month before; today is still valid', () => {
    const of = (name: string, expiresOn: string) => ({ name, expiresOn });
    const all = [of('c', '2027-01-31'), of('a', '2026-12-31'), of('b', '2027-01-01'), of('d', '2027-02-01')];
    expect(standings(all, '2027-01-01')).toEqual([
      { name: 'a', on: '2026-12-31', left: -1 },
      { name: 'b', on: '2027-01-01', left: 0 },
      { name: 'c', on: '2027-01-31', left: 30 },
    ]);
  });
});
