/** Opens what somebody may do now, and why; the code of the dialog is loaded then. */
import { Injectable, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import type { Person } from './user-access-dialog';

@Injectable({ providedIn: 'root' })
export class UserAccess {
  readonly #dialog = inject(Dialog);

  async of({ id, name }: Person): Promise<void> {
    const { UserAccessDialog } = await import('./user-access-dialog');
    this.#dialog.open(UserAccessDialog, {
      data: { id, name },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'access-title',
    });
  }
}
