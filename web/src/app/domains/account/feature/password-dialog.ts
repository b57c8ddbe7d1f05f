/** Changing one's own password; the server then ends the other sessions. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { DialogRef } from '@angular/cdk/dialog';
import {
  AbstractControl,
  NonNullableFormBuilder,
  ReactiveFormsModule,
  ValidationErrors,
  Validators,
} from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { changePassword } from '../../../api/fn/auth/change-password';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';

const SHORTEST = 12;

@Component({
  imports: [DialogActions, ControlState, Field, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="password-title">{{ 'password.title' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-field [label]="'password.current' | transloco" for="pw-current" [control]="form.controls.current">
          <input
            id="pw-current"
            class="input"
            type="password"
            formControlName="current"
            autocomplete="current-password"
          />
        </afpi-field>
        <afpi-field
          [label]="'password.new' | transloco"
          for="pw-new"
          [control]="form.controls.new"
          [hint]="'password.hint' | transloco: { n: shortest }"
        >
          <input id="pw-new" class="input" type="password" formControlName="new" autocomplete="new-password" />
        </afpi-field>
        <afpi-field [label]="'password.again' | transloco" for="pw-again" [control]="form.controls.again">
          <input id="pw-again" class="input" type="password" formControlName="again" autocomplete="new-password" />
        </afpi-field>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close()"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PasswordDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly ref = inject<DialogRef>(DialogRef);
  protected readonly shortest = SHORTEST;
  protected readonly form = inject(NonNullableFormBuilder).group({
    current: ['', Validators.required],
    new: ['', [Validators.required, Validators.minLength(SHORTEST)]],
    again: ['', [Validators.required, sameAsNew]],
  });
  protected readonly sending = sending(this.form);

  protected save(): Promise<void> {
    this.form.controls.again.updateValueAndValidity();
    return this.sending.run(async () => {
      const { current, new: wanted } = this.form.getRawValue();
      await this.#api.invoke(changePassword, { body: { current, new: wanted } });
      this.#toasts.done(this.#transloco.translate('password.done'));
      this.ref.close();
    });
  }
}

function sameAsNew(control: AbstractControl): ValidationErrors | null {
  return control.parent && control.value !== control.parent.get('new')?.value ? { different: true } : null;
}
