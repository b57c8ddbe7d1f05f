//! Amounts in the form that people in France read and write. Money is integer cents; nothing here uses a float.

/**
 * `1 234,56 €` with the proper no-break spaces.
 *
 * @param cents integer cents of euro
 */
export function french(cents: number): string {
  const { sign, euros, rest } = parts(cents, '\u00a0');
  return `${sign}${euros},${rest}\u00a0€`;
}

/**
 * `€1,234.56`, for the English texts.
 *
 * @param cents integer cents of euro
 */
export function english(cents: number): string {
  const { sign, euros, rest } = parts(cents, ',');
  return `${sign}€${euros}.${rest}`;
}

/**
 * `part` ÷ `whole`, rounded half away from zero, exactly: for prices and tax. Both are integers below 2^53.
 *
 * @throws RangeError when `whole` is 0 or one of them is no integer
 */
export function divide(part: number, whole: number): number {
  const [top, bottom] = [BigInt(part), BigInt(whole)];
  const half = (bottom < 0n ? -bottom : bottom) / 2n;
  const size = ((top < 0n ? -top : top) + half) / (bottom < 0n ? -bottom : bottom);
  return Number(top < 0n === bottom < 0n ? size : -size) + 0;
}

function parts(cents: number, separator: string): { sign: string; euros: string; rest: string } {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`${cents} is no amount in cents`);
  const size = Math.abs(cents);
  const euros = String(Math.trunc(size / 100)).replace(/\B(?=(\d{3})+$)/g, separator);
  return { sign: cents < 0 ? '-' : '', euros, rest: String(size % 100).padStart(2, '0') };
}
