/** A text input whose value is integer cents: shows `1 234,56`, reads what people type, refuses what is no amount. */
import { Directive, ElementRef, forwardRef, inject } from '@angular/core';
import { ControlValueAccessor, NG_VALIDATORS, NG_VALUE_ACCESSOR, ValidationErrors, Validator } from '@angular/forms';
import { moneyToInput, parseMoney } from '../i18n/format';
import { Language } from '../i18n/language';

@Directive({
  selector: 'input[afpiMoney]',
  host: { inputmode: 'decimal', autocomplete: 'off', class: 'num', '(input)': 'read()', '(blur)': 'leave()' },
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => MoneyInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => MoneyInput), multi: true },
  ],
})
export class MoneyInput implements ControlValueAccessor, Validator {
  readonly #input = inject<ElementRef<HTMLInputElement>>(ElementRef).nativeElement;
  readonly #language = inject(Language);
  #changed: (value: number | null) => void = () => undefined;
  #touched: () => void = () => undefined;

  writeValue(cents: number | null): void {
    this.#input.value = moneyToInput(cents, this.#language.tag());
  }
  registerOnChange(changed: (value: number | null) => void): void { this.#changed = changed; }
  registerOnTouched(touched: () => void): void { this.#touched = touched; }
  setDisabledState(disabled: boolean): void { this.#input.disabled = disabled; }
  validate(): ValidationErrors | null { return parseMoney(this.#input.value) === undefined ? { money: true } : null; }

  protected read(): void {
    this.#changed(parseMoney(this.#input.value) ?? null);
  }
  protected leave(): void {
    const cents = parseMoney(this.#input.value);
    if (cents !== undefined) this.writeValue(cents);
    this.#touched();
  }
}
