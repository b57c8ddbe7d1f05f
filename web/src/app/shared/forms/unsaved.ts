/** Asks before a page with unsaved changes is left, by a link or by closing the tab. */
import { inject } from '@angular/core';
import { CanDeactivateFn } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { Confirm } from '../ui/confirm';

export interface HasUnsaved {
  unsaved(): boolean;
}

export const keepUnsaved: CanDeactivateFn<HasUnsaved> = (page) => {
  if (!page.unsaved()) return true;
  const transloco = inject(TranslocoService);
  return inject(Confirm).ask({
    title: transloco.translate('unsaved.title'),
    body: transloco.translate('unsaved.body'),
    yes: transloco.translate('unsaved.leave'),
    danger: true,
  });
};
