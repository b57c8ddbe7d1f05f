/** A yes-or-no question in a dialog, sometimes with a second positive answer. */
import { ChangeDetectionStrategy, Component, Injectable, inject } from '@angular/core';
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';

export interface Question {
  title: string;
  body: string;
  yes: string;
  /** Label of the cancel button. “Annuler” unless the question is about cancelling. */
  no?: string;
  danger?: boolean;
  /** A second way to go on. */
  other?: string;
}

/** The answer; closing the dialog is `no`. */
export type Answer = 'yes' | 'other' | 'no';

@Component({
  imports: [TranslocoPipe],
  template: `
    <div class="dialog">
      <header>
        <h2 id="confirm-title">{{ question.title }}</h2>
      </header>
      <div class="body">
        <p>{{ question.body }}</p>
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close('no')">
          {{ question.no ?? ('common.cancel' | transloco) }}
        </button>
        @if (question.other; as other) {
          <button type="button" class="btn" (click)="ref.close('other')">{{ other }}</button>
        }
        <button
          type="button"
          class="btn"
          [class]="question.danger ? 'btn-danger' : 'btn-primary'"
          (click)="ref.close('yes')"
        >
          {{ question.yes }}
        </button>
      </footer>
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Answer>>(DialogRef);
}

@Injectable({ providedIn: 'root' })
export class Confirm {
  readonly #dialog = inject(Dialog);

  async ask(question: Question): Promise<boolean> {
    return (await this.choose(question)) === 'yes';
  }
  async choose(question: Question): Promise<Answer> {
    const ref = this.#dialog.open<Answer>(ConfirmDialog, {
      data: question,
      panelClass: 'dialog-panel',
      role: 'alertdialog',
      ariaLabelledBy: 'confirm-title',
    });
    return (await firstValueFrom(ref.closed)) ?? 'no';
  }
}
