import { ApiKey } from '../../../api/models/api-key';
import { networksOf, scopesOf, stateOf } from './areas';

describe('what a key is given', () => {
  it('names the chosen areas only', () => {
    expect(scopesOf({ salles: 'read', entreprises: 'write' })).toEqual([
      { area: 'entreprises', access: 'write' },
      { area: 'salles', access: 'read' },
    ]);
    expect(scopesOf({})).toEqual([]);
  });

  it('reads networks however they are parted', () => {
    expect(networksOf(' 192.0.2.7\n10.0.0.0/8, 2001:db8::/64;\n')).toEqual([
      '192.0.2.7',
      '10.0.0.0/8',
      '2001:db8::/64',
    ]);
  });

  it('counts until the end of its last day', () => {
    const key = (more: Partial<ApiKey>): ApiKey => ({ revokedAt: null, expiresOn: null, ...more }) as ApiKey;
    expect(stateOf(key({}), '2027-03-01')).toBe('active');
    expect(stateOf(key({ expiresOn: '2027-03-01' }), '2027-03-01')).toBe('active');
    expect(stateOf(key({ expiresOn: '2027-02-28' }), '2027-03-01')).toBe('expired');
    expect(stateOf(key({ revokedAt: '2027-01-01T00:00:00Z' }), '2026-03-01')).toBe('revoked');
  });
});
