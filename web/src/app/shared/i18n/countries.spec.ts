import { describe, expect, it } from 'vitest';
import { countries, countryName } from './countries';

describe('countries', () => {
  it('are named in the language of the page, France first', () => {
    expect(countries('fr-FR')[0]).toEqual({ code: 'FR', name: 'France' });
    expect(countryName('BE', 'fr-FR')).toBe('Belgique');
    expect(countryName('BE', 'en-GB')).toBe('Belgium');
    expect(new Set(countries('fr-FR').map(({ code }) => code)).size).toBe(249);
  });
  it('keep a name from before there were codes', () => {
    expect(countryName('Atlantide', 'fr-FR')).toBe('Atlantide');
  });
});
