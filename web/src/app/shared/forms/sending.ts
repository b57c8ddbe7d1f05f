/** Sends a form on a page or in a dialog. A dialog with typed text does not close without a question. */
import { ElementRef, inject } from '@angular/core';
import { FormGroup } from '@angular/forms';
import { guardDialog } from './dialog-guard';
import { HalfTyped } from './half-typed';
import { FormKind, Race, Sending, reactive, senderOf } from './sender';

export type { FormKind, Race, Refused, Sending } from './sender';

/** For a reactive form. Call it in an injection context of the form's component. */
export function sending<T extends { version: number }>(form: FormGroup, race?: Race<T>): Sending {
  return sendingOf(reactive(form), race);
}

/** For any kind of form. */
export function sendingOf<T extends { version: number }>(kind: FormKind, race?: Race<T>): Sending {
  const halfTyped = inject(HalfTyped);
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  guardDialog(() => kind.changed() || halfTyped.within(host));
  return senderOf(kind, race);
}
