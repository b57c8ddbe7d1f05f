/**
 * Gives every input bound to a reactive control the ARIA state of that control: invalid, and described by its message.
 */
import { Directive, ElementRef, inject } from '@angular/core';
import { NgControl } from '@angular/forms';

@Directive({
  selector:
    'input[formControlName].input, select[formControlName].input, textarea[formControlName].input, input[formControl].input, select[formControl].input, textarea[formControl].input',
  host: {
    '[attr.aria-invalid]': 'invalid ? "true" : null',
    '[attr.aria-describedby]': 'describedBy',
  },
})
export class ControlState {
  readonly #control = inject(NgControl);
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected get invalid(): boolean {
    return this.#control.invalid === true && this.#control.touched === true;
  }
  protected get describedBy(): string | null {
    return this.#element.id ? `${this.#element.id}-${this.invalid ? 'error' : 'hint'}` : null;
  }
}
