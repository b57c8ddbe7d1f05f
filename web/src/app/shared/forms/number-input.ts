/**
 * A text input whose value is a number: quantities, rates, hours, percentages. `[afpiNumber]="2"` allows two decimals,
 * `0` whole numbers only.
 */
import { Directive, effect, forwardRef, input, untracked } from '@angular/core';
import { NG_VALIDATORS, NG_VALUE_ACCESSOR } from '@angular/forms';
import { numberToInput } from '../i18n/format';
import { MOST_DECIMALS, Reading, readNumber } from '../i18n/reading';
import { NumericInput } from './numeric-input';

@Directive({
  selector: 'input[afpiNumber]',
  exportAs: 'afpiNumber',
  host: { '[attr.inputmode]': 'afpiNumber() === 0 ? "numeric" : "decimal"' },
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => NumberInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => NumberInput), multi: true },
  ],
})
export class NumberInput extends NumericInput {
  /** The most decimals. */
  readonly afpiNumber = input(MOST_DECIMALS, {
    transform: (most: number | string) => (most === '' ? MOST_DECIMALS : Number(most)),
  });

  constructor() {
    super();
    effect(() => {
      this.afpiNumber();
      untracked(() => {
        this.again();
      });
    });
  }

  protected override parse(text: string, tag: string): Reading<number> {
    return readNumber(text, tag, this.afpiNumber());
  }
  protected override print(value: number | null, tag: string): string {
    return numberToInput(value, tag);
  }
}
