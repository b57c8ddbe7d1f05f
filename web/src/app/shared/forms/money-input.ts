/** A text input whose value is integer cents: shows `1 234,56`, parses typed amounts, refuses other texts. */
import { Directive, forwardRef } from '@angular/core';
import { NG_VALIDATORS, NG_VALUE_ACCESSOR } from '@angular/forms';
import { moneyToInput } from '../i18n/format';
import { Reading, readMoney } from '../i18n/reading';
import { NumericInput } from './numeric-input';

@Directive({
  selector: 'input[afpiMoney]',
  exportAs: 'afpiMoney',
  host: { inputmode: 'decimal' },
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => MoneyInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => MoneyInput), multi: true },
  ],
})
export class MoneyInput extends NumericInput {
  protected override parse(text: string, tag: string): Reading<number> {
    return readMoney(text, tag);
  }
  protected override print(cents: number | null, tag: string): string {
    return moneyToInput(cents, tag);
  }
}
