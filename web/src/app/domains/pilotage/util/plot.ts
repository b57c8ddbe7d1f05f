/** Where a trend is drawn: bars or a line over its months, in pixels. Pure. */
import { nice, ticks } from 'd3-array';

/** A month of a trend. */
export interface Point {
  /** `2026-11`. */
  month: string;
  /** The month under the axis: `nov.`. */
  short: string;
  /** The month in full: `novembre 2026`. */
  name: string;
  /** `null`: no value. */
  value: number | null;
  /** The value in full, and as short as it fits over a bar. */
  text: string;
  brief: string;
  /** Does the month belong to the period shown? */
  current: boolean;
}

export interface Frame {
  width: number;
  height: number;
  shape: 'bars' | 'line';
  /** A value of the axis as text. */
  tick: (value: number) => string;
  /** Values are whole numbers: the axis shows no fractions. */
  whole: boolean;
}

interface Label {
  x: number;
  y: number;
  text: string;
}

export interface Plot {
  left: number;
  right: number;
  /** The lower end of the drawing, above the months. */
  bottom: number;
  /** The height of the value 0. */
  zero: number;
  /** The width of a month. */
  step: number;
  ticks: Label[];
  months: Label[];
  years: Label[];
  /** The values that are written into the drawing. */
  values: Label[];
  /** A month each: the middle, the height of its value, and its bar. */
  marks: { x: number; y: number; bar: string }[];
  line: string;
  area: string;
}

/** The average width of a character of the labels, at 11.5 px. */
const CHARACTER = 6.6;
const TOP = 26;
/** The months, and the years below them. */
const BELOW = 40;
const WIDEST_BAR = 38;
/** About how many lines the axis has. */
const TICKS = 4;

export function plot(points: readonly Point[], { width, height, shape, tick, whole }: Frame): Plot {
  const bottom = height - BELOW;
  const [lowest, highest] = range(points);
  const y = (value: number): number => bottom - ((value - lowest) / (highest - lowest)) * (bottom - TOP);
  const rules = ticks(lowest, highest, TICKS).filter((value) => !whole || Number.isInteger(value));
  const left = 10 + CHARACTER * Math.max(...rules.map((value) => tick(value).length));
  const right = width - 4;
  const step = (right - left) / Math.max(1, points.length);
  const middle = (point: Point): number => left + (points.indexOf(point) + 0.5) * step;
  const at = ({ value }: Point): number => y(value ?? 0);
  const wide = Math.min(step * 0.62, WIDEST_BAR);
  const zero = y(0);
  const runs = shape === 'line' ? unbroken(points) : [];
  const line = (run: Point[]): string => run.map((point) => `${middle(point)},${at(point)}`).join('L');
  const under = (run: Point[]): string =>
    [run.at(-1), run[0]].map((end) => (end ? `L${middle(end)},${zero}` : '')).join('');
  return {
    left,
    right,
    bottom,
    zero,
    step,
    ticks: rules.map((value) => ({ x: left - 8, y: y(value), text: tick(value) })),
    months: spaced(points, step).map((point) => ({ x: middle(point), y: bottom + 18, text: point.short })),
    years: years(spaced(points, step), step).map((point) => ({
      x: middle(point),
      y: bottom + 34,
      text: point.month.slice(0, 4),
    })),
    values: written(shape === 'bars' ? points.filter(({ value }) => value !== 0) : points, step).map((point) => ({
      x: middle(point),
      y: (point.value ?? 0) < 0 ? at(point) + 15 : at(point) - (shape === 'line' ? 11 : 7),
      text: point.brief,
    })),
    marks: points.map((point) => ({
      x: middle(point),
      y: at(point),
      bar: point.value ? bar(middle(point) - wide / 2, zero, at(point), wide) : '',
    })),
    line: runs.map((run) => `M${line(run)}`).join(''),
    area: runs.map((run) => `M${line(run)}${under(run)}Z`).join(''),
  };
}

/** The axis in round numbers. Zero is always on it. */
function range(points: readonly Point[]): [number, number] {
  const known = points.map(({ value }) => value ?? 0);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  return low === high ? [0, 1] : nice(low, high, TICKS);
}

/** Months one after the other that have a value. */
function unbroken(points: readonly Point[]): Point[][] {
  return points.reduce<Point[][]>((runs, point, index) => {
    if (point.value === null) return runs;
    if (points[index - 1]?.value != null) runs.at(-1)?.push(point);
    else runs.push([point]);
    return runs;
  }, []);
}

/** The month under a place of the drawing. */
export function monthAt({ left, step, marks }: Plot, x: number): number {
  return Math.max(0, Math.min(marks.length - 1, Math.floor((x - left) / step)));
}

/** A bar from the zero line to a value, with round corners at the value. */
function bar(x: number, zero: number, y: number, width: number): string {
  const round = Math.min(5, width / 2, Math.abs(zero - y));
  const turn = y < zero ? round : -round;
  return [
    `M${x},${zero}V${y + turn}Q${x},${y} ${x + round},${y}`,
    `H${x + width - round}Q${x + width},${y} ${x + width},${y + turn}V${zero}Z`,
  ].join('');
}

/** The months that have room for their names. The last one is among them. */
function spaced(points: readonly Point[], step: number): Point[] {
  const widest = 4 + CHARACTER * Math.max(...points.map(({ short }) => short.length));
  const every = Math.ceil(widest / step);
  return points.filter((_, index) => (points.length - 1 - index) % every === 0);
}

/** Of these months the first one of each year, unless the next year needs its room. */
function years(shown: readonly Point[], step: number): Point[] {
  const year = ({ month }: Point): string => month.slice(0, 4);
  const first = shown.filter((point, index) => index === 0 || year(point) !== year(shown[index - 1] ?? point));
  const [one, two] = first;
  return one && two && between(one, two) * step < 6 * CHARACTER ? first.slice(1) : first;
}

/** How many months lie between two. */
function between(one: Point, two: Point): number {
  const count = ({ month }: Point): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return Math.abs(count(two) - count(one));
}

/** All values where they have room, otherwise the highest and the last one. */
function written(points: readonly Point[], step: number): Point[] {
  const known = points.filter(({ value }) => value !== null);
  const widest = 4 + CHARACTER * Math.max(0, ...known.map(({ brief }) => brief.length));
  if (widest <= step) return known;
  const last = known.at(-1);
  const best = highest(known);
  if (!last || !best) return [];
  return between(best, last) * step >= widest ? [best, last] : [best];
}

/** The point of the highest value; the first of several. */
export function highest(points: readonly Point[]): Point | undefined {
  return points
    .filter(({ value }) => value !== null)
    .reduce<Point | undefined>((best, one) => (best && (best.value ?? 0) >= (one.value ?? 0) ? best : one), undefined);
}
