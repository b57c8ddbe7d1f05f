/**
 * A dialog with typed text does not close without a question: Escape and a click beside it ask first. Its buttons close
 * at once.
 */
import { DestroyRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { DialogRef } from '@angular/cdk/dialog';
import { hasModifierKey } from '@angular/cdk/keycodes';
import { TranslocoService } from '@jsverse/transloco';
import { filter, merge } from 'rxjs';
import { Confirm } from '../ui/confirm';

/** Call it in an injection context of the form's component. It does nothing for a form on a page. */
export function guardDialog(changed: () => boolean): void {
  const ref = inject(DialogRef, { optional: true });
  if (!ref) return;
  const confirm = inject(Confirm);
  const transloco = inject(TranslocoService);
  let asking = false;
  const leave = async (): Promise<void> => {
    if (asking) return;
    if (changed()) {
      asking = true;
      const sure = await confirm.ask({
        title: transloco.translate('unsaved.title'),
        body: transloco.translate('unsaved.dialog'),
        yes: transloco.translate('unsaved.close'),
        no: transloco.translate('unsaved.back'),
        danger: true,
      });
      asking = false;
      if (!sure) return;
    }
    ref.close();
  };
  ref.disableClose = true;
  const escape = ref.keydownEvents.pipe(filter((event) => event.key === 'Escape' && !hasModifierKey(event)));
  merge(escape, ref.backdropClick)
    .pipe(takeUntilDestroyed(inject(DestroyRef)))
    .subscribe((event) => {
      event.preventDefault();
      void leave();
    });
}
