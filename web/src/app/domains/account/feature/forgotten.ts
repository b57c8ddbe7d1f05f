/** Asks for a letter with a link to a new password. The page does not know whether there is such an account. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { forgotten } from '../../../api/fn/auth/forgotten';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { Icon } from '../../../shared/ui/icon';
import { Entrance } from '../ui/entrance';

@Component({
  imports: [ControlState, Entrance, Field, Icon, ReactiveFormsModule, Refusal, RouterLink, TranslocoPipe],
  template: `
    <afpi-entrance [title]="'forgotten.title' | transloco" [text]="'forgotten.text' | transloco">
      <afpi-refusal [said]="sending.refusal()" />
      @if (sent(); as address) {
        <p class="notice" role="status"><afpi-icon name="mail" />{{ 'forgotten.sent' | transloco: { address } }}</p>
      } @else {
        <form class="stack" [formGroup]="form" (ngSubmit)="submit()">
          <afpi-field [label]="'login.email' | transloco" for="email" [control]="form.controls.email">
            <input id="email" class="input" type="email" formControlName="email" autocomplete="username" />
          </afpi-field>
          <button type="submit" class="btn btn-primary" [disabled]="sending.busy()">
            {{ 'forgotten.submit' | transloco }}
          </button>
        </form>
      }
      <a routerLink="/connexion">{{ 'forgotten.back' | transloco }}</a>
    </afpi-entrance>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Forgotten {
  readonly #api = inject(Api);
  protected readonly form = inject(NonNullableFormBuilder).group({
    email: ['', [Validators.required, Validators.email]],
  });
  protected readonly sending = senderOf(reactive(this.form));
  /** The address that a letter goes to, if it has an account. */
  protected readonly sent = signal('');

  protected submit(): Promise<void> {
    return this.sending.run(async () => {
      const email = this.form.getRawValue().email.trim();
      await this.#api.invoke(forgotten, { body: { email } });
      this.sent.set(email);
    });
  }
}
