import { spark } from './spark';

describe('a trend in the size of a word', () => {
  it('goes from the left to the right, between zero and the highest value', () => {
    expect(spark([0, 5, 10], 100, 20)).toBe('M0,20L50,10L100,0');
    expect(spark([-10, 10], 100, 20)).toBe('M0,20L100,0');
  });

  it('has a gap where a month has no value', () => {
    expect(spark([1, null, 1, 0], 90, 10)).toBe('M0,0M60,0L90,10');
  });

  it('is nothing without two values, and flat where all are zero', () => {
    expect(spark([null, 4], 90, 10)).toBe('');
    expect(spark([0, 0], 90, 10)).toBe('M0,10L90,10');
  });
});
