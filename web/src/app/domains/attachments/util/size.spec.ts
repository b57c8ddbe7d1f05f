import { formatSize } from './size';

it('says a size in the unit that people read', () => {
  expect([0, 1023, 1024, 1_468_006, 52_428_800].map((bytes) => formatSize(bytes, 'fr-FR'))).toEqual([
    '0\u00a0o',
    '1023\u00a0o',
    '1\u00a0Ko',
    '1,4\u00a0Mo',
    '50\u00a0Mo',
  ]);
  expect(formatSize(1_468_006, 'en-GB')).toBe('1.4\u00a0MB');
});
