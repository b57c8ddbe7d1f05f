/**
 * A dialog does not close over what was typed into it: Escape and a click beside it ask first. Its buttons do what they
 * say.
 */
import { DestroyRef, inject } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { DialogRef } from '@angular/cdk/dialog';
import { hasModifierKey } from '@angular/cdk/keycodes';
import { TranslocoService } from '@jsverse/transloco';
import { filter, merge } from 'rxjs';
import { Confirm } from '../ui/confirm';

/** Call in an injection context of the component whose form it is; does nothing for one that stands on a page. */
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
