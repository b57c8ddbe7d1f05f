/** Puts the server's field messages on the controls of a reactive form. */
import { FormControl, FormGroup } from '@angular/forms';
import { isProblem } from '../http/problem';

/**
 * Marks each control that the problem names (`/address/city` is the control `address.city`). Answers the messages that
 * found no control, so that nothing the server said is lost; `null` when the error is not about fields at all. What is
 * shown `elsewhere` is left to those who do.
 */
export function applyProblem(form: FormGroup, error: unknown, elsewhere: (pointer: string) => boolean = () => false): string[] | null {
  if (!isProblem(error) || error.fields.size === 0) return null;
  const orphans: string[] = [];
  for (const [pointer, message] of error.fields) {
    const control = closest(form, pointer.split('/').slice(1));
    if (control) {
      control.setErrors({ server: message });
      control.markAsTouched();
    } else if (!elsewhere(pointer)) {
      orphans.push(message);
    }
  }
  return orphans;
}

    const control = closest(form, pointer.split('/').slice(1));
    if (control) {
export function focusFirstError(host: HTMLElement): void {
  setTimeout(() => {
    const field = host.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
    if (field) field.focus();
    else host.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
  });
}
