import { change, drawn, targetFigure } from './figures';

describe('figures', () => {
  it('have no value without a denominator, which is not zero', () => {
    expect(drawn({ kind: 'ratio', numerator: 0, denominator: 0 })).toBeNull();
    expect(drawn({ kind: 'none' })).toBeNull();
    expect(drawn({ kind: 'ratio', numerator: 1, denominator: 4 })).toBe(25);
    expect(drawn({ kind: 'money', value: 12345 })).toBe(123.45);
  });

  it('are compared only where it means something', () => {
    expect(change({ kind: 'count', value: 12 }, { kind: 'count', value: 10 })).toBeCloseTo(0.2);
    expect(change({ kind: 'count', value: 12 }, { kind: 'count', value: 0 })).toBeNull();
    expect(change({ kind: 'count', value: 12 }, null)).toBeNull();
  });

  it('read targets in the unit of their metric', () => {
    expect(drawn(targetFigure(4500, 'percent'))).toBe(45);
    expect(drawn(targetFigure(720, 'hours'))).toBe(12);
    expect(drawn(targetFigure(100_00, 'money'))).toBe(100);
  });
});
