/** Sets a second factor up: the password, then the code of the application, then the recovery codes. */
import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { confirmSecondFactor } from '../../../api/fn/auth/confirm-second-factor';
import { startSecondFactor } from '../../../api/fn/auth/start-second-factor';
import { SecondFactorStart } from '../../../api/models/second-factor-start';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { CodeInput } from '../ui/code-input';
import { QrCode } from '../ui/qr-code';
import { RecoveryCodes } from '../ui/recovery-codes';

@Component({
  selector: 'afpi-factor-setup',
  imports: [CodeInput, ControlState, Field, QrCode, ReactiveFormsModule, RecoveryCodes, Refusal, TranslocoPipe],
  template: `
    @if (codes(); as list) {
      <afpi-recovery-codes [codes]="list" (done)="done.emit()" />
    } @else if (started(); as it) {
      <form class="stack" [formGroup]="second" (ngSubmit)="confirm()">
        <afpi-refusal [said]="confirming.refusal()" />
        <p>{{ 'factor.setup.scan' | transloco }}</p>
        <afpi-qr-code [qr]="it.qr" [label]="'factor.setup.qr' | transloco" />
        <p class="small">
          <span class="muted">{{ 'factor.setup.byHand' | transloco }}</span>
          <span class="mono secret">{{ it.secret }}</span>
        </p>
        <afpi-field
          [label]="'factor.setup.code' | transloco"
          for="factor-code"
          [control]="second.controls.code"
          [hint]="'factor.setup.codeHint' | transloco"
        >
          <input id="factor-code" class="input" afpiCode formControlName="code" />
        </afpi-field>
        <button type="submit" class="btn btn-primary" [disabled]="confirming.busy()">
          {{ 'factor.setup.confirm' | transloco }}
        </button>
      </form>
    } @else {
      <form class="stack" [formGroup]="first" (ngSubmit)="start()">
        <afpi-refusal [said]="starting.refusal()" />
        <afpi-field
          [label]="'login.password' | transloco"
          for="factor-password"
          [control]="first.controls.password"
          [hint]="'factor.setup.passwordHint' | transloco"
        >
          <input
            id="factor-password"
            class="input"
            type="password"
            formControlName="password"
            autocomplete="current-password"
          />
        </afpi-field>
        <button type="submit" class="btn btn-primary" [disabled]="starting.busy()">
          {{ 'factor.setup.begin' | transloco }}
        </button>
      </form>
    }
  `,
  styles: `
    .secret {
      overflow-wrap: anywhere;
      user-select: all;
    }
    .btn-primary {
      align-self: flex-start;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FactorSetup {
  /** The recovery codes are kept. */
  readonly done = output();
  readonly #api = inject(Api);
  readonly #forms = inject(NonNullableFormBuilder);
  protected readonly first = this.#forms.group({ password: ['', Validators.required] });
  protected readonly second = this.#forms.group({ code: ['', Validators.required] });
  protected readonly starting = senderOf(reactive(this.first));
  protected readonly confirming = senderOf(reactive(this.second));
  protected readonly started = signal<SecondFactorStart | null>(null);
  protected readonly codes = signal<string[] | null>(null);

  protected start(): Promise<void> {
    return this.starting.run(async () => {
      this.started.set(await this.#api.invoke(startSecondFactor, { body: this.first.getRawValue() }));
    });
  }

  protected confirm(): Promise<void> {
    return this.confirming.run(async () => {
      const { recoveryCodes } = await this.#api.invoke(confirmSecondFactor, { body: this.second.getRawValue() });
      this.codes.set(recoveryCodes);
    });
  }
}
