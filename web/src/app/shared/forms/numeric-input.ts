/**
 * The base of amount and number inputs: a text input in the language of the page, whose value changes only by typing.
 */
import { DestroyRef, Directive, ElementRef, effect, inject, signal, untracked } from '@angular/core';
import { ControlValueAccessor, ValidationErrors, Validator } from '@angular/forms';
import { Fault, Reading, decimalMark } from '../i18n/reading';
import { Language } from '../i18n/language';
import { HalfTyped, TypedInput } from './half-typed';

@Directive({
  host: {
    autocomplete: 'off',
    class: 'num',
    '(beforeinput)': 'point($event)',
    '(input)': 'read()',
    '(change)': 'read()',
    '(blur)': 'leave()',
  },
})
export abstract class NumericInput implements ControlValueAccessor, Validator, TypedInput {
  readonly element = inject<ElementRef<HTMLInputElement>>(ElementRef).nativeElement;
  readonly #language = inject(Language);
  readonly #halfTyped = inject(HalfTyped);
  readonly wrong = signal(false);
  /** The text's error, shown after leaving the field or saving: a message key and its values. */
  readonly told = signal<Fault | null>(null);
  /** The value and its text, as last written or parsed. */
  #value: number | null = null;
  #text = '';
  #fault: Fault | null = null;
  #changed: (value: number | null) => void = () => undefined;
  #touched: () => void = () => undefined;

  protected abstract parse(text: string, tag: string): Reading<number>;
  protected abstract print(value: number | null, tag: string): string;

  constructor() {
    const forget = this.#halfTyped.add(this);
    inject(DestroyRef).onDestroy(forget);
    // The same value in the other language. A half-typed text stays.
    effect(() => {
      this.#language.tag();
      untracked(() => {
        if (!this.#fault) this.#write(this.#value);
      });
    });
  }

  /** The last value; `null` when the text is invalid. */
  get value(): number | null {
    return this.#value;
  }

  writeValue(value: number | null): void {
    this.#write(value ?? null);
    this.#judge(null);
  }
  registerOnChange(changed: (value: number | null) => void): void {
    this.#changed = changed;
  }
  registerOnTouched(touched: () => void): void {
    this.#touched = touched;
  }
  setDisabledState(disabled: boolean): void {
    this.element.disabled = disabled;
  }
  validate(): ValidationErrors | null {
    return this.#fault;
  }

  read(): void {
    if (this.element.value !== this.#text) this.#take(this.element.value);
  }
  tell(): void {
    this.told.set(this.#fault);
  }
  drop(): void {
    this.writeValue(null);
  }

  /** The point of a keypad, or of a phone's decimal keys, writes the page's decimal mark. */
  protected point(event: InputEvent): void {
    const mark = decimalMark(this.#language.tag());
    if (event.inputType !== 'insertText' || event.data !== '.' || mark === '.' || this.element.readOnly) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = this.element;
    this.element.setRangeText(mark, selectionStart ?? 0, selectionEnd ?? 0, 'end');
    this.read();
  }
  /** The rules have changed: parses the same text with the new ones. */
  protected again(): void {
    const { value, fault } = this.parse(this.#text, this.#language.tag());
    if (value !== this.#value || JSON.stringify(fault) !== JSON.stringify(this.#fault)) this.#take(this.#text);
  }
  protected leave(): void {
    this.read();
    this.tell();
    if (!this.#fault) this.#write(this.#value);
    this.#touched();
  }

  #take(text: string): void {
    const { value, fault } = this.parse(text, this.#language.tag());
    this.#text = text;
    this.#value = value;
    this.#judge(fault);
    this.#changed(value);
  }
  #write(value: number | null): void {
    this.#value = value;
    this.#text = this.print(value, this.#language.tag());
    if (this.element.value !== this.#text) this.element.value = this.#text;
  }
  /** An error is shown later; its correction at once. */
  #judge(fault: Fault | null): void {
    this.#fault = fault;
    if (!fault) this.told.set(null);
    if (this.wrong() === (fault !== null)) return;
    this.wrong.set(fault !== null);
    this.#halfTyped.changed();
  }
}
