/** Opens the absence of a person; the dialog and its texts are loaded then. */
import { Injectable, inject } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Language } from '../../../shared/i18n/language';
import { ABSENCE_TEXTS } from '../data/absence-texts';
import type { AbsentUser } from './absence-form';

@Injectable({ providedIn: 'root' })
export class UserAbsence {
  readonly #dialog = inject(Dialog);
  readonly #language = inject(Language);

  async of({ id, name }: AbsentUser): Promise<void> {
    const [{ AbsenceDialog }] = await Promise.all([import('./absence-dialog'), this.#language.add(ABSENCE_TEXTS)]);
    this.#dialog.open(AbsenceDialog, {
      data: { id, name },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'absence-title',
    });
  }
}
