import { digits, formatSiret, isSiren, isSiret, siretProblem, vatOf } from './siret';

describe('SIREN and SIRET', () => {
  it.each(['73282932000074', '44306184100047', '35600000000048', '35600000049837'])('accept %s', (siret) => {
    expect(isSiret(siret)).toBe(true);
    expect(siretProblem(siret)).toBeNull();
  });

  it('take La Poste by its own rule and nobody else', () => {
    // Fails Luhn; its digits add up to a multiple of 5.
    expect(isSiret('35600000049837')).toBe(true);
    expect(isSiret('35600000049838')).toBe(false);
    expect(isSiret('73282932000083')).toBe(false);
  });

  it('say what is wrong', () => {
    expect(siretProblem('73282932000075')).toBe('siret.checksum');
    expect(siretProblem('7328293200007')).toBe('siret.length');
    expect(siretProblem('732 829 320 00074')).toBeNull();
    expect(siretProblem('  ')).toBeNull();
    expect(isSiren('732829320')).toBe(true);
    expect(isSiren('732829321')).toBe(false);
  });

  it('are printed as INSEE does and read back', () => {
    expect(formatSiret('73282932000074')).toBe('732 829 320 00074');
    expect(digits(formatSiret('73282932000074'))).toBe('73282932000074');
  });

  it('give the VAT number away', () => {
    expect(vatOf('314979337')).toBe('FR10314979337');
  });
});
