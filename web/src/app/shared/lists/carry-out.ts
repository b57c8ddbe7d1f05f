/** Does one thing with many records, a few at a time: what was done, what was refused and why, and how to take it back. */
import { signal } from '@angular/core';
import { newerIn } from '../forms/lost-race';
import { isProblem } from '../http/problem';
import { inTurns } from './in-turns';
import { Row } from './selection';

/** What became of a record: its present state, and the act that takes it back, if there is one. */
export interface Done<T extends Row> {
  now: Partial<T> & Row;
  back?: () => Promise<Partial<T> & Row>;
}

/** `null`: the record is already so. */
export type Doing<T extends Row> = (row: T) => Promise<Done<T> | null>;

export interface Refused<T> {
  row: T;
  error: unknown;
}

/** A refusal that a record gives by itself, in words for people. */
export class NotMeant extends Error {}

export class CarryOut<T extends Row> {
  readonly #state = signal<'running' | 'stopped' | 'done'>('running');
  readonly #done = signal<ReadonlyMap<string, Done<T>>>(new Map());
  readonly #same = signal(0);
  readonly #refused = signal<readonly Refused<T>[]>([]);

  /** `stopped`: by the person, or because the server was away. The rest was not sent. */
  readonly state = this.#state.asReadonly();
  readonly done = this.#done.asReadonly();
  /** How many were already so. */
  readonly same = this.#same.asReadonly();
  readonly refused = this.#refused.asReadonly();

  constructor(
    readonly rows: readonly T[],
    private readonly doing: Doing<T>,
    private readonly told: (now: Partial<T> & Row) => void,
  ) {}

  /** How many have an answer. */
  sent(): number {
    return this.#done().size + this.#same() + this.#refused().length;
  }

  async run(): Promise<void> {
    await inTurns(
      this.rows,
      (row) => this.#one(row),
      () => this.#state() === 'running',
    );
    if (this.#state() === 'running') this.#state.set('done');
  }

  stop(): void {
    if (this.#state() === 'running') this.#state.set('stopped');
  }

  /** The acts that take back what was done, by record. */
  backs(): ReadonlyMap<string, () => Promise<Partial<T> & Row>> {
    return new Map([...this.#done()].flatMap(([id, { back }]) => (back ? [[id, back]] : [])));
  }

  /** The refused records for another try: as somebody else has saved them, where that was the reason. */
  again(): T[] {
    return this.#refused().map(({ row, error }) => ({ ...row, ...newerIn<T & { version: number }>(error) }));
  }

  async #one(row: T): Promise<void> {
    try {
      const done = await this.doing(row);
      if (!done) {
        this.#same.update((n) => n + 1);
        return;
      }
      this.#done.update((before) => new Map(before).set(row.id, done));
      this.told(done.now);
    } catch (error) {
      // Each further one would fail the same way.
      if (isProblem(error) && ['offline', 'unavailable', 'unauthenticated'].includes(error.code)) this.stop();
      this.#refused.update((before) => [...before, { row, error }]);
    }
  }
}
