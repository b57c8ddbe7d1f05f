/** A trend in the size of a word. Pure. */

/** The line through the values, in a box of this size; a gap where a month has no value. `''` without two values. */
export function spark(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const x = (at: number): number => round((at / (values.length - 1)) * width);
  const y = (value: number): number => round(high === low ? height : height - ((value - low) / (high - low)) * height);
  return values
    .map((value, at) => {
      if (value === null) return '';
      const begins = at === 0 || values[at - 1] === null;
      return `${begins ? 'M' : 'L'}${x(at)},${y(value)}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
