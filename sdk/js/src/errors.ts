//! The errors of the contract, to throw and to catch.

import type { Error as Reason, FieldProblem, Text } from './contract/types.js';

export type { Reason };

/** A text in the two languages of the product. */
export function text(fr: string, en: string): Text {
  return { fr, en };
}

/**
 * One thing wrong at `field`, a JSON Pointer such as `/lignes/0/quantite`; `code` is a stable word for programs.
 *
 * @example
 * problem('/end', 'out-of-range', 'La fin précède le début.', 'The end comes before the start.');
 */
export function problem(field: string, code: string, fr: string, en: string): FieldProblem {
  return { field, code, message: text(fr, en) };
}

/**
 * Why something was not done, as the contract knows it. What a plugin throws reaches the host as it is; what the host
 * refuses is thrown as one of these. Anything else a plugin throws becomes `other`, with its message in the log.
 *
 * @example
 * try {
 *   kv.setJson('seen', true);
 * } catch (error) {
 *   if (error instanceof ContractError && error.tag === 'denied') log.warn('there is no grant for notes');
 *   else throw error;
 * }
 */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  /** The kind of error. */
  readonly tag: Reason['tag'];
  /** Its value; see {@link Reason}. */
  readonly val: Reason['val'];

  constructor(reason: Reason) {
    super(`${reason.tag}: ${words(reason)}`);
    this.tag = reason.tag;
    this.val = reason.val;
  }

  /** The form of the contract. */
  get reason(): Reason {
    return { tag: this.tag, val: this.val } as Reason;
  }
}

/** The input is wrong in one place; see {@link problem}. */
export function invalid(field: string, code: string, fr: string, en: string): ContractError {
  return new ContractError({ tag: 'invalid', val: [problem(field, code, fr, en)] });
}

/** A required field of the input is empty. `field` is a JSON Pointer. */
export function required(field: string): ContractError {
  return invalid(field, 'required', 'À renseigner', 'Required');
}

/** The actor may not do this. */
export function denied(fr: string, en: string): ContractError {
  return new ContractError({ tag: 'denied', val: text(fr, en) });
}

/** The named thing does not exist. */
export function notFound(what: string): ContractError {
  return new ContractError({ tag: 'not-found', val: what });
}

/** The present state does not allow it. */
export function conflict(fr: string, en: string): ContractError {
  return new ContractError({ tag: 'conflict', val: text(fr, en) });
}

/** Too many calls; try again after so many milliseconds. */
export function rateLimited(milliseconds: number): ContractError {
  return new ContractError({ tag: 'rate-limited', val: milliseconds });
}

/** A remote part is away or answers nonsense; trying later may help. */
export function unavailable(why: string): ContractError {
  return new ContractError({ tag: 'unavailable', val: why });
}

/** Any other error, with a text for the log. */
export function other(why: string): ContractError {
  return new ContractError({ tag: 'other', val: why });
}

/** Calls the host. A refusal is thrown as a {@link ContractError}. */
export function ask<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    // The engine wraps the error of an import.
    const payload = thrown instanceof Error && 'payload' in thrown ? thrown.payload : null;
    throw isReason(payload) ? new ContractError(payload) : thrown;
  }
}

/** Runs a function of a plugin that may fail. Its exception becomes an error of the contract. */
export function answer<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    // The bindings need the bare value.
    if (thrown instanceof ContractError) throw thrown.reason;
    throw { tag: 'other', val: describe(thrown) } satisfies Reason;
  }
}

/** The exception with its place, for the log. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}`.trim() : String(thrown);
}

function isReason(payload: unknown): payload is Reason {
  return typeof payload === 'object' && payload !== null && 'tag' in payload && 'val' in payload;
}

function words(reason: Reason): string {
  if (typeof reason.val !== 'object') return String(reason.val);
  if (Array.isArray(reason.val)) return reason.val.map(({ field, message }) => `${field} ${message.en}`).join(', ');
  return reason.val.en;
}
