/**
 * Knows every input on the page whose value is not its text (dates, amounts, numbers). Whoever saves asks it first:
 * what is half-typed is never dropped without a word, it stops the save at its field.
 */
import { Injectable, Signal, signal } from '@angular/core';

/** An input that reads a value out of what is typed. */
export interface TypedInput {
  readonly element: HTMLElement;
  /** There is a text, and it says nothing. */
  readonly wrong: Signal<boolean>;
  /** Takes the text as it stands now; a browser that fills in a form does not always tell. */
  read(): void;
  /** Shows what is wrong. */
  tell(): void;
  /** Forgets the text. */
  drop(): void;
}

/** Inside an element with this attribute nothing belongs to what is saved. */
const TOOL = '[data-tool]';

@Injectable({ providedIn: 'root' })
export class HalfTyped {
  readonly #inputs = new Set<TypedInput>();
  readonly #news = signal(0);

  /** Answers what takes the input off again. */
  add(input: TypedInput): () => void {
    this.#inputs.add(input);
    return () => {
      this.#inputs.delete(input);
      if (input.wrong()) this.changed();
    };
  }
  /** To be called when an input's `wrong` has changed. */
  changed(): void {
    this.#news.update((count) => count + 1);
  }

  /** Is anything in `host` half-typed? Follows what is typed. */
  within(host: Element): boolean {
    this.#news();
    return this.#of(host).some(({ wrong }) => wrong());
  }
  /** Reads everything in `host` as it stands, shows what is half-typed there, and answers whether nothing is. */
  settle(host: Element): boolean {
    const inputs = this.#of(host);
    for (const input of inputs) input.read();
    const wrong = inputs.filter((input) => input.wrong());
    for (const input of wrong) input.tell();
    return wrong.length === 0;
  }
  /** Forgets what is half-typed in `host`. */
  drop(host: Element): void {
    for (const input of this.#of(host)) if (input.wrong()) input.drop();
  }

  #of(host: Element): TypedInput[] {
    return [...this.#inputs].filter(({ element }) => host.contains(element) && !element.closest(TOOL));
  }
}
