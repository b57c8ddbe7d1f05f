import { LeftOut } from '../../../api/models/left-out';
import { MetricFigure } from '../../../api/models/metric-figure';
import { bySection, compared, drawn, elapsed, gaps, judged, targetFigure } from './figures';

describe('figures', () => {
  it('have no value without a denominator, which is not zero', () => {
    expect(drawn({ kind: 'ratio', numerator: 0, denominator: 0 })).toBeNull();
    expect(drawn({ kind: 'none' })).toBeNull();
    expect(drawn({ kind: 'ratio', numerator: 1, denominator: 4 })).toBe(25);
    expect(drawn({ kind: 'money', value: 12345 })).toBe(123.45);
  });

  it('are compared in percent only where the base carries it', () => {
    expect(compared({ kind: 'count', value: 12 }, { kind: 'count', value: 10 })).toEqual({
      kind: 'percent',
      by: expect.closeTo(0.2) as number,
    });
    expect(compared({ kind: 'money', value: 40_000_00 }, { kind: 'money', value: 80_000_00 })).toEqual({
      kind: 'percent',
      by: -0.5,
    });
    expect(compared({ kind: 'count', value: 12 }, { kind: 'count', value: 0 })).toEqual({ kind: 'new' });
    expect(compared({ kind: 'count', value: 12 }, null)).toBeNull();
    expect(compared({ kind: 'count', value: 12 }, { kind: 'none' })).toBeNull();
    expect(compared({ kind: 'count', value: 0 }, { kind: 'count', value: 0 })).toBeNull();
  });

  it('are compared by their difference where the base is small or left far behind', () => {
    expect(compared({ kind: 'count', value: 29 }, { kind: 'count', value: 1 })).toEqual({
      kind: 'difference',
      by: 28,
      figure: { kind: 'count', value: 28 },
    });
    expect(compared({ kind: 'count', value: 1 }, { kind: 'count', value: 3 })).toEqual({
      kind: 'difference',
      by: -2,
      figure: { kind: 'count', value: 2 },
    });
    expect(compared({ kind: 'money', value: 87_000_00 }, { kind: 'money', value: 3_000_00 })).toEqual({
      kind: 'difference',
      by: 84_000,
      figure: { kind: 'money', value: 84_000_00 },
    });
    expect(compared({ kind: 'minutes', value: 1500 }, { kind: 'minutes', value: 120 })).toEqual({
      kind: 'difference',
      by: 23,
      figure: { kind: 'minutes', value: 1380 },
    });
    expect(
      compared({ kind: 'ratio', numerator: 1, denominator: 2 }, { kind: 'ratio', numerator: 1, denominator: 4 }),
    ).toEqual({ kind: 'points', by: 25 });
  });

  it('are good or bad news by the way their metric says, and neither where it says none', () => {
    const [up, down] = [
      { kind: 'percent', by: 0.2 },
      { kind: 'difference', by: -3, figure: { kind: 'minutes', value: 3 } },
    ] as const;
    expect([judged(up, 'higher'), judged(down, 'higher')]).toEqual(['good', 'bad']);
    expect([judged(up, 'lower'), judged(down, 'lower')]).toEqual(['bad', 'good']);
    expect([judged(up, undefined), judged(down, undefined), judged({ kind: 'new' }, undefined)]).toEqual(['', '', '']);
    expect([judged({ kind: 'new' }, 'higher'), judged({ kind: 'new' }, 'lower')]).toEqual(['good', 'bad']);
  });

  it('read targets in the unit of their metric', () => {
    expect(drawn(targetFigure(4500, 'percent'))).toBe(45);
    expect(drawn(targetFigure(720, 'hours'))).toBe(12);
    expect(drawn(targetFigure(100_00, 'money'))).toBe(100);
  });

  it('of the sections make a table in the order of the relay, with gaps where one has no value', () => {
    const figure = (id: string, key: string, value: number): MetricFigure =>
      ({ id, key, label: { fr: id, en: id }, figure: { kind: 'count', value } }) as MetricFigure;
    const total = { id: 'total', label: { fr: 't', en: 't' }, figure: { kind: 'count', value: 1 } } as MetricFigure;
    const { columns, rows } = bySection(
      [figure('delay', 'b', 1), total, figure('delay', 'a', 2), figure('late', 'b', 3)],
      (key) => 'ab'.indexOf(key),
    );
    expect(columns.map(({ id }) => id)).toEqual(['delay', 'late']);
    expect(rows.map(({ key, figures }) => [key, ...figures.map((one) => one?.figure.value)])).toEqual([
      ['a', 2, undefined],
      ['b', 1, 3],
    ]);
  });

  it('name the sites they say nothing of, together by the reason', () => {
    const of = (name: string, reason: LeftOut['reason']): LeftOut => ({
      localisation: { id: name, code: name, name },
      reason,
    });
    const format = { list: (names: string[]) => names.join(', ') };
    expect(gaps([of('Lille', 'not-measured'), of('Metz', 'failed'), of('Lens', 'not-measured')], format)).toEqual([
      { reason: 'not-measured', sites: 'Lille, Lens' },
      { reason: 'failed', sites: 'Metz' },
    ]);
    expect(gaps([], format)).toEqual([]);
  });

  it('know how much of a period is over: both its ends are days of it', () => {
    const quarter = (day: string): number => elapsed('2026-10-01', '2026-12-31', day);
    expect(quarter('2026-12-31')).toBe(1);
    expect(quarter('2026-10-01')).toBeCloseTo(1 / 92);
    expect([quarter('2026-09-30'), quarter('2027-02-01')]).toEqual([0, 1]);
  });
});
