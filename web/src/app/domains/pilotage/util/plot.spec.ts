import { Point, highest, monthAt, plot } from './plot';

const MONTHS = ['2025-12', ...Array.from({ length: 11 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`)];
const point = (month: string, value: number | null): Point => ({
  ...{ month, value, short: `m${month.slice(5)}.`, name: month, text: `${value} €`, brief: `${value} k€` },
  current: true,
});
const points = (...values: (number | null)[]): Point[] => MONTHS.map((month, at) => point(month, values[at] ?? null));
const frame = { width: 720, height: 300, shape: 'bars', tick: String, whole: false } as const;

describe('a trend', () => {
  it('has bars from zero to the value, inside the frame', () => {
    const { marks, zero, left, right, ticks } = plot(points(0, 50, 100), frame);
    expect(zero).toBe(260);
    expect(marks.map(({ bar }) => bar !== '')).toEqual([false, true, true, ...Array<boolean>(9).fill(false)]);
    expect(zero - (marks[1]?.y ?? 0)).toBeCloseTo((zero - (marks[2]?.y ?? 0)) / 2);
    for (const { x, y } of marks) expect(x > left && x < right && y >= 26 && y <= zero).toBe(true);
    expect(ticks.map(({ text }) => text)).toEqual(['0', '20', '40', '60', '80', '100']);
  });

  it('goes below zero', () => {
    const { marks, zero, values } = plot(points(-40, 80), frame);
    expect([(marks[0]?.y ?? 0) > zero, (marks[1]?.y ?? 0) < zero]).toEqual([true, true]);
    expect((values[0]?.y ?? 0) > (marks[0]?.y ?? 0)).toBe(true);
  });

  it('shows no fractions of whole numbers, and an axis without values', () => {
    expect(plot(points(1, 2), { ...frame, whole: true }).ticks.map(({ text }) => text)).toEqual(['0', '1', '2']);
    const none = plot(points(), frame);
    expect([none.values, none.marks.length, none.marks.every(({ bar }) => bar === '')]).toEqual([[], 12, true]);
  });

  it('breaks its line where a month has no value', () => {
    const { line, area } = plot(points(1, 2, null, 4, 3), { ...frame, shape: 'line' });
    expect([line.match(/M/g)?.length, area.match(/Z/g)?.length]).toEqual([2, 2]);
    expect(plot(points(1, 2), frame).line).toBe('');
  });

  it('writes all values, or the highest and the last one where there is no room', () => {
    const all = points(3, 9, 2, 4, 5, 1, 2, 3, 4, 5, 6, 7);
    expect(plot(all, frame).values.length).toBe(12);
    expect(plot(points(3, 0, 2), frame).values.map(({ text }) => text)).toEqual(['3 k€', '2 k€']);
    expect(plot(all, { ...frame, width: 340 }).values.map(({ text }) => text)).toEqual(['9 k€', '7 k€']);
    expect(plot(points(1, 2, 9, 8), { ...frame, width: 340 }).values.map(({ text }) => text)).toEqual(['9 k€']);
  });

  it('names the months that have room, always the last one, and each year once', () => {
    const wide = plot(points(1), frame);
    expect([wide.months.length, wide.years.map(({ text }) => text)]).toEqual([12, ['2025', '2026']]);
    const narrow = plot(points(1), { ...frame, width: 340 });
    expect([narrow.months.length < 12, narrow.months.at(-1)?.text]).toEqual([true, 'm11.']);
    expect(narrow.years.map(({ text }) => text)).toEqual(['2026']);
  });

  it('finds the month under the pointer', () => {
    const view = plot(points(1), frame);
    expect([-5, view.left + view.step * 3.5, 9999].map((x) => monthAt(view, x))).toEqual([0, 3, 11]);
  });

  it('has a highest month: the first of several', () => {
    expect(highest(points(1, 7, null, 7))?.month).toBe('2026-01');
    expect(highest(points())).toBeUndefined();
  });
});
