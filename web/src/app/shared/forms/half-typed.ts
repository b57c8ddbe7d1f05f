/**
 * Knows every input of the page whose value is not its text (dates, amounts, numbers). Saving checks it first: a
 * half-typed value stops the save at its field and is never dropped silently.
 */
import { Injectable, Signal, signal } from '@angular/core';

/** An input that parses a value from its text. */
export interface TypedInput {
  readonly element: HTMLElement;
  /** There is a text without a valid value. */
  readonly wrong: Signal<boolean>;
  /** Reads the present text; a browser that fills in a form does not always send an event. */
  read(): void;
  /** Shows the error. */
  tell(): void;
  /** Forgets the text. */
  drop(): void;
}

/** Inputs inside an element with this attribute do not belong to the saved data. */
const TOOL = '[data-tool]';

@Injectable({ providedIn: 'root' })
export class HalfTyped {
  readonly #inputs = new Set<TypedInput>();
  readonly #news = signal(0);

  /** Returns a function that removes the input. */
  add(input: TypedInput): () => void {
    this.#inputs.add(input);
    return () => {
      this.#inputs.delete(input);
      if (input.wrong()) this.changed();
    };
  }
  /** Call it when an input's `wrong` has changed. */
  changed(): void {
    this.#news.update((count) => count + 1);
  }

  /** Is anything in `host` half-typed? Updates during typing. */
  within(host: Element): boolean {
    this.#news();
    return this.#of(host).some(({ wrong }) => wrong());
  }
  /** Reads all inputs in `host`, shows half-typed ones, and returns whether there are none. */
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
