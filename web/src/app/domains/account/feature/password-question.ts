/** Asks for one's own password before a change of the second factor, and makes the change. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';

export interface PasswordQuestionData<T> {
  title: string;
  text: string;
  run: (password: string) => Promise<T>;
}

@Component({
  imports: [ControlState, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="go()">
      <header>
        <h2 id="question-title">{{ data.title }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <p>{{ data.text }}</p>
        <afpi-field [label]="'login.password' | transloco" for="own-password" [control]="form.controls.password">
          <input
            id="own-password"
            class="input"
            type="password"
            formControlName="password"
            autocomplete="current-password"
          />
        </afpi-field>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close()"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PasswordQuestion {
  protected readonly data = inject<PasswordQuestionData<unknown>>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly form = inject(NonNullableFormBuilder).group({ password: ['', Validators.required] });
  protected readonly sending = sending(this.form);

  protected go(): Promise<void> {
    return this.sending.run(async () => {
      this.ref.close({ made: await this.data.run(this.form.getRawValue().password) });
    });
  }
}
