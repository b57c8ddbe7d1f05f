/** Tells parts of a page what other parts changed, so that they read it again. */
import { Injectable, Signal, WritableSignal, signal } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class Changes {
  readonly #counts = new Map<string, WritableSignal<number>>();

  /** Grows with each change of this kind of record on this device. */
  of(kind: string): Signal<number> {
    return this.#count(kind);
  }
  /** Counts a change once the server has it. */
  async after<T>(kind: string, change: Promise<T>): Promise<T> {
    const done = await change;
    this.#count(kind).update((count) => count + 1);
    return done;
  }
  #count(kind: string): WritableSignal<number> {
    const count = this.#counts.get(kind) ?? signal(0);
    this.#counts.set(kind, count);
    return count;
  }
}
