/** Sending a form: only when it is right, once at a time, and with the server's refusal shown where it belongs. */
import { ElementRef, Signal, inject, signal } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { Problems } from '../http/problem';
import { applyProblem, focusFirstError } from './problem-form';

export interface Sending {
  readonly busy: Signal<boolean>;
  /** What the server said about no field that the form shows. */
  readonly refusal: Signal<string>;
  /** Runs `send` when the form is valid and `ready` agrees; else, and when it fails, the focus goes to the first field in error. */
  run(send: () => Promise<void>, ready?: () => boolean): Promise<void>;
}

/** Call in an injection context of the component whose form it is. */
export function sending(form: FormGroup): Sending {
  const problems = inject(Problems);
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const busy = signal(false);
  const refusal = signal('');
  const run = async (send: () => Promise<void>, ready = (): boolean => true): Promise<void> => {
    form.markAllAsTouched();
    if (!ready() || form.invalid) {
      focusFirstError(host);
      return;
    }
    busy.set(true);
    refusal.set('');
    try {
      await send();
    } catch (error) {
      const orphans = applyProblem(form, error);
      refusal.set(orphans === null ? problems.message(error) : orphans.join(' '));
      focusFirstError(host);
    } finally {
      busy.set(false);
    }
  };
  return { busy: busy.asReadonly(), refusal: refusal.asReadonly(), run };
}
