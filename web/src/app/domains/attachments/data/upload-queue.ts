/** Files on their way: a few at a time, each with its progress, and with the reason when it failed. */
import { Injectable, inject, signal } from '@angular/core';
import { Problems, ProblemError } from '../../../shared/http/problem';

/** Sent at the same time. The server lets a person send and read six. */
const AT_ONCE = 3;

export interface Sent {
  readonly key: number;
  readonly name: string;
  /** What part has left, from 0 to 1. */
  readonly part: number;
  /** Why it failed, for people. */
  readonly failed: string | null;
}

interface Waiting {
  readonly key: number;
  readonly run: (progress: (part: number) => void) => Promise<void>;
}

@Injectable()
export class UploadQueue {
  readonly #problems = inject(Problems);
  readonly #items = signal<readonly Sent[]>([]);
  #waiting: Waiting[] = [];
  #running = 0;
  #last = 0;

  readonly items = this.#items.asReadonly();

  /** Sends a file when it is its turn. It leaves the list when `run` has ended well. */
  add(name: string, run: Waiting['run']): void {
    const key = ++this.#last;
    this.#items.update((all) => [...all, { key, name, part: 0, failed: null }]);
    this.#waiting.push({ key, run });
    this.#next();
  }

  /** Takes a failed one off the list. */
  dismiss(key: number): void {
    this.#items.update((all) => all.filter((item) => item.key !== key));
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#running += 1;
      void this.#send(next).finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  async #send({ key, run }: Waiting): Promise<void> {
    try {
      await run((part) => {
        this.#change(key, { part });
      });
      this.dismiss(key);
    } catch (error) {
      const fields = error instanceof ProblemError ? [...new Set(error.fields.values())] : [];
      this.#change(key, { failed: fields.join(' ') || this.#problems.message(error) });
    }
  }

  #change(key: number, change: Partial<Sent>): void {
    this.#items.update((all) => all.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }
}
