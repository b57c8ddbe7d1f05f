// Made from wit/ by `afpi plugin types`; do not edit.
import type { Instant, Date, Text, Error } from './types.js';

export type Unit = 'money' | 'count' | 'percent' | 'hours' | 'other';

export interface Metric {
  id: string;
  label: Text;
  unit: Unit;
  /** Can a target be set on it? */
  targetable: boolean;
}

export type Grouping = 'total' | 'user' | 'site' | 'other';

export interface Query {
  /** First and last day of the period, both included. */
  first: Date;
  last: Date;
  today: Date;
  /** Metric ids wanted; empty for all. */
  metrics: string[];
  grouping: Grouping;
  /** The words that facts point into: kinds, keys, user ids, site ids. */
  words: string[];
}

/**
 * A fact: something that happened (kinds `cree`, `section`, and those of the workflow plugin) or the state of an
 * open record today (kind `ouvert`). Indices point into `query.words`; `u32::MAX` means none.
 */
export interface Fact {
  kind: number;
  key: number;
  user: number;
  site: number;
  /** A number for the record it belongs to, the same within one calculation. */
  subject: number;
  /** Start and end; equal for a point in time. Kind `section` spans the stay in a section. */
  start: Instant;
  end: Instant;
  /** Cents; for kind `ouvert` the amount at stake. */
  amount: number;
  /** Percent; for kind `ouvert` the probability, for kind `section` 1 when it ended by a return. */
  weight: number;
}

export type Figure =
  /** Nothing to divide by: no value, which is not zero. */
  | { tag: 'none' }
  | { tag: 'money'; val: number }
  | { tag: 'count'; val: number }
  /** Numerator and denominator. */
  | { tag: 'ratio'; val: [number, number] }
  /** Minutes. */
  | { tag: 'minutes'; val: number }
  | { tag: 'other'; val: number };

export interface Score {
  metric: string;
  /** Index into `query.words` of the user or site; `u32::MAX` for the total. */
  group: number;
  figure: Figure;
  /** A finer word (the section of a delay); empty for none. */
  key: string;
}

/** One calculation: created with the question, fed with facts in any number of batches, finished once. */
export interface Calculation {
  add(facts: Fact[]): void;
  /** @throws an error of the contract */
  finish(): Score[];
}

export interface Target {
  metric: string;
  /** In the metric's unit: cents, count, percent × 100, minutes. */
  target: number;
  actual: Figure;
  first: Date;
  last: Date;
  today: Date;
}

export interface Attainment {
  /** Percent × 100 of the target; `none` without a value. */
  percent: number | null;
  /** Where it would end at the present pace, in the target's unit. */
  runRate: number | null;
  /** `reached`, `good`, `under-way`, `slow`, `attention`, `none`. */
  level: string;
  label: Text;
}

/**
 * Figures over facts. Pure. Facts come in batches and flat (indices into one dictionary), so that a year of a whole
 * network passes through a small guest quickly.
 */
export interface ObjectivesExports {
  metrics(): Metric[];
  attain(targets: Target[]): Attainment[];
}
