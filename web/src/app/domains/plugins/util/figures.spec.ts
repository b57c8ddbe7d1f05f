import { Format } from '../../../shared/i18n/pipes';
import { formatCount } from '../../../shared/i18n/format';
import { bytes, micros } from './figures';

const french = {
  tag: 'fr-FR',
  count: (value: number, digits: number) => formatCount(value, 'fr-FR', digits),
} as Format;

describe('figures of health', () => {
  it('show durations in the unit people can compare', () => {
    expect(micros(850, french)).toBe('850 µs');
    expect(micros(12_440, french)).toBe('12,4 ms');
    expect(micros(undefined, french)).toBe('—');
    expect(micros(0, french)).toBe('0 µs');
  });
  it('show sizes by 1024', () => {
    expect(bytes(318_464, french)).toBe('311 ko');
    expect(bytes(4.5 * 1024 * 1024, french)).toBe('4,5 Mo');
  });
});
