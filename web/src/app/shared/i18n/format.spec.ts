import {
  formatAge,
  formatAgo,
  formatCount,
  formatDay,
  formatInstant,
  formatMinutes,
  formatMoney,
  formatMoneyShort,
  formatPercent,
  parseDay,
} from './format';

/** French formats put no-break spaces in; tests compare with plain ones. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is shown in French format from integer cents', () => {
    expect(plain(formatMoney(123456, 'fr-FR'))).toBe('1 234,56 €');
    expect(plain(formatMoney(-5, 'fr-FR'))).toBe('-0,05 €');
    expect(plain(formatMoney(123456, 'fr-FR', true))).toBe('1 235 €');
    expect(plain(formatMoney(123456, 'en-GB'))).toBe('€1,234.56');
  });

  it.each([
    [87_000_00, '87\u00a0k€', '€87k'],
    [1_234_567_00, '1,2\u00a0M€', '€1.2m'],
    [850_00, '850\u00a0€', '€850'],
    [-12_340_00, '-12,3\u00a0k€', '-€12.3k'],
    [0, '0\u00a0€', '€0'],
  ])('is short as people write it: %i', (cents, french, english) => {
    expect(formatMoneyShort(cents, 'fr-FR')).toBe(french);
    expect(formatMoneyShort(cents, 'en-GB')).toBe(english);
  });

  it('groups thousands with a space that can be seen', () => {
    const texts = [
      formatMoney(1_234_567_00, 'fr-FR'),
      formatMoneyShort(1_234_567_00, 'fr-FR'),
      formatCount(1_234_567, 'fr-FR'),
      formatPercent(28, 'fr-FR'),
    ];
    for (const text of texts) expect(text).not.toContain('\u202f');
    expect(texts[2]).toBe('1\u00a0234\u00a0567');
  });
});

describe('dates', () => {
  it('are shown in French format, the day never shifted by a time zone', () => {
    expect(formatDay('2026-12-31', 'fr-FR')).toBe('31/12/2026');
    expect(formatDay('2026-12-14', 'fr-FR', 'long')).toBe('lun. 14 décembre 2026');
  });

  it('show instants in Paris time', () => {
    expect(plain(formatInstant('2026-11-22T18:05:00.123Z', 'fr-FR'))).toBe('22/11/2026 19:05');
    expect(plain(formatInstant('2026-07-01T22:30:00Z', 'fr-FR'))).toBe('02/07/2026 00:30');
  });

  it.each([
    ['31/12/2026', '2026-12-31'],
    ['1/2/2027', '2027-02-01'],
    ['31.12.26', '2026-12-31'],
    ['31122026', '2026-12-31'],
    ['2026-12-31', '2026-12-31'],
    ['29/02/2028', '2028-02-29'],
  ])('are read from %s', (text, iso) => {
    expect(parseDay(text)).toBe(iso);
  });

  it('refuse days that do not exist', () => {
    for (const text of ['31/02/2026', '29/02/2027', '32/01/2026', '12/2026', 'demain', ''])
      expect(parseDay(text), text).toBeNull();
  });

  it('say ages', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(plain(formatAge('2026-11-10T12:00:00Z', 'fr-FR', now)).replace(' ', '')).toBe('12j');
    const ages = [formatAge('2026-11-10T12:00:00Z', 'fr-FR', now), formatAgo('2026-11-22T09:00:00Z', 'fr-FR', now)];
    for (const age of ages) expect(age).not.toContain('\u202f');
    expect(plain(formatAge('2026-11-22T07:30:00Z', 'fr-FR', now))).toBe('4 h');
    expect(plain(formatAgo('2026-11-22T09:00:00Z', 'fr-FR', now))).toBe('il y a 3 h');
    expect(plain(formatMinutes(150))).toBe('2 h 30');
    expect(plain(formatMinutes(45))).toBe('45 min');
  });
});
