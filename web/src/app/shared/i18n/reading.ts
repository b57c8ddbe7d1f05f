/**
 * Parses typed numbers and amounts in the language of the page. Never guesses: a text with another meaning in the other
 * language is refused with a reason. Pure functions; money never becomes a float.
 */

/** Why a text is no number: one entry whose key names the message (`form.<key>`) and whose value fills it. */
export type Fault = Record<string, true | { most: number }>;

/** `value` is `null` for an empty or refused text. */
export interface Reading<T> {
  value: T | null;
  fault: Fault | null;
}

/** More decimals than any of our quantities, rates or percentages has. */
export const MOST_DECIMALS = 6;
/** JavaScript keeps this many digits exact. */
const MOST_DIGITS = 15;

/** Spaces that people and `Intl` group thousands with: plain, no-break, narrow no-break, thin. */
const SPACES = /[\u00a0\u202f\u2009]/g;
const FRENCH = /^(-?)(\d+|[1-9]\d{0,2}(?: \d{3})+)?(?:,(\d+))?$/;
const ENGLISH = /^(-?)(\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+)?(?:\.(\d+))?$/;

/** The decimal mark of a language: the comma in French, always; the point in English. */
export function decimalMark(tag: string): ',' | '.' {
  return tag.startsWith('fr') ? ',' : '.';
}

interface Digits {
  minus: boolean;
  whole: string;
  decimals: string;
}

/** The digits of a number, or the reason for a refusal. `kind` names the message for a text that is no number. */
function digitsOf(text: string, tag: string, most: number, kind: 'money' | 'number'): Digits | Fault {
  const mark = decimalMark(tag);
  const bare = text
    .replace(SPACES, ' ')
    .trim()
    .replace(/^[-−] ?/, '-');
  const [, minus, grouped, decimals] = (mark === ',' ? FRENCH : ENGLISH).exec(bare) ?? [];
  const whole = (grouped ?? '').replace(/[ ,]/g, '');
  if (whole === '' && decimals === undefined)
    return bare.includes(mark === ',' ? '.' : ',') ? { mark: true } : { [kind]: true };
  if ((decimals ?? '').length > most) return most === 0 ? { integer: true } : { decimals: { most } };
  if (whole.length + (decimals ?? '').length > MOST_DIGITS) return { [kind]: true };
  return { minus: minus === '-', whole: whole || '0', decimals: decimals ?? '' };
}

function isFault(read: Digits | Fault): read is Fault {
  return !('whole' in read);
}

/** A number with at most this many decimals. */
export function readNumber(text: string, tag: string, most: number = MOST_DECIMALS): Reading<number> {
  if (text.replace(SPACES, ' ').trim() === '') return { value: null, fault: null };
  const read = digitsOf(text, tag, most, 'number');
  if (isFault(read)) return { value: null, fault: read };
  const value = Number(`${read.whole}.${read.decimals}`);
  return { value: read.minus && value !== 0 ? -value : value, fault: null };
}

/** An amount in euros, as integer cents. */
export function readMoney(text: string, tag: string): Reading<number> {
  const bare = text
    .replace(SPACES, ' ')
    .trim()
    .replace(/^(-?) *€ */, '$1')
    .replace(/ *€$/, '');
  if (bare === '') return text.trim() === '' ? { value: null, fault: null } : { value: null, fault: { money: true } };
  const read = digitsOf(bare, tag, 2, 'money');
  if (isFault(read)) return { value: null, fault: read };
  const cents = Number(read.whole + read.decimals.padEnd(2, '0'));
  return {
    value: read.minus && cents !== 0 ? -cents : cents,
    fault: Number.isSafeInteger(cents) ? null : { money: true },
  };
}
