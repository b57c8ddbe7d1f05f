/** Puts the server's field messages on the controls of a reactive form. */
import { FormControl, FormGroup } from '@angular/forms';
import { isProblem } from '../http/problem';

/**
 * Marks each control that the problem names (`/address/city` is the control `address.city`). Returns the messages
 * without a control, so that no message of the server is lost; `null` when the error is not about fields. Fields in
 * `elsewhere` are skipped: other code shows them.
 */
export function applyProblem(
  form: FormGroup,
  error: unknown,
  elsewhere: (pointer: string) => boolean = () => false,
): string[] | null {
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

/**
 * The field of this path. For a part of a value (`/tags/0`) the field of the whole value. Messages on a group are shown
 * nowhere.
 */
function closest(form: FormGroup, path: string[]): FormControl | null {
  const exact = form.get(path);
  if (exact instanceof FormControl) return exact;
  const outer = path.slice(0, -1);
  const control = outer.length ? closest(form, outer) : null;
  return control;
}

/** Moves the focus to the first field in error (WCAG 3.3.1). Without such a field, shows the message. */
export function focusFirstError(host: HTMLElement): void {
  setTimeout(() => {
    const field = host.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
    field?.focus({ preventScroll: true });
    // In the middle, so that neither its label nor its message is under a bar.
    (field ?? host.querySelector('[role="alert"]'))?.scrollIntoView({ block: 'center' });
  });
}
