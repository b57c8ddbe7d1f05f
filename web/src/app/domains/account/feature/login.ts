/** Sign in. In demo mode the server offers accounts: one button per role. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  effect,
  inject,
  input,
  resource,
  signal,
  viewChild,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listDemoAccounts } from '../../../api/fn/auth/list-demo-accounts';
import { DemoAccount } from '../../../api/models/demo-account';
import { Session } from '../../../shared/auth/session';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { isProblem } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { CodeInput } from '../ui/code-input';
import { Entrance } from '../ui/entrance';
import { Reveal } from '../ui/reveal';

@Component({
  imports: [
    CodeInput,
    ControlState,
    Entrance,
    Field,
    Icon,
    ReactiveFormsModule,
    Refusal,
    Reveal,
    RouterLink,
    TranslocoPipe,
  ],
  templateUrl: './login.html',
  styleUrl: './login.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Login {
  /** The page after sign-in. Only paths of this application are accepted. */
  readonly retour = input<string>();
  /** Set when a session has expired. */
  readonly fin = input<string>();

  readonly #session = inject(Session);
  readonly #router = inject(Router);

  protected readonly form = inject(NonNullableFormBuilder).group({
    email: ['', [Validators.required, Validators.email]],
    password: ['', Validators.required],
  });
  /** No dialog: its code is not part of the first load. */
  protected readonly sending = senderOf(reactive(this.form));
  readonly #api = inject(Api);
  /** The second step: the password was right, and a code must follow. */
  protected readonly second = signal(false);
  protected readonly codeForm = inject(NonNullableFormBuilder).group({ code: ['', Validators.required] });
  protected readonly coding = senderOf(reactive(this.codeForm));
  protected readonly codeInput = viewChild<ElementRef<HTMLInputElement>>('codeInput');
  protected readonly accounts = resource({ loader: () => demoAccounts(this.#api), defaultValue: [] }).value;

  constructor() {
    effect(() => this.codeInput()?.nativeElement.focus());
  }

  protected submit(): Promise<void> {
    return this.sending.run(async () => {
      const { email, password } = this.form.getRawValue();
      try {
        await this.#session.login(email.trim(), password);
      } catch (error) {
        if (isProblem(error, 'second-factor-required')) {
          this.second.set(true);
          return;
        }
        this.form.controls.password.reset();
        throw error;
      }
      await this.#enter();
    });
  }

  protected submitCode(): Promise<void> {
    return this.coding.run(async () => {
      const { email, password } = this.form.getRawValue();
      try {
        await this.#session.login(email.trim(), password, this.codeForm.getRawValue().code.trim());
      } catch (error) {
        this.codeForm.reset();
        // The password was changed meanwhile.
        if (isProblem(error, 'bad-credentials')) this.back();
        throw error;
      }
      await this.#enter();
    });
  }

  protected back(): void {
    this.second.set(false);
    this.form.controls.password.reset();
    this.codeForm.reset();
  }

  async #enter(): Promise<void> {
    const wanted = this.retour();
    await this.#router.navigateByUrl(wanted?.startsWith('/') && !wanted.startsWith('//') ? wanted : '/');
  }

  protected enterAs(account: DemoAccount): Promise<void> {
    this.form.setValue({ email: account.email, password: account.password });
    return this.submit();
  }
}

/** The accounts of demo mode. None outside of it (404). */
async function demoAccounts(api: Api): Promise<DemoAccount[]> {
  try {
    return (await api.invoke(listDemoAccounts)).data;
  } catch (error) {
    if (isProblem(error)) return [];
    throw error;
  }
}
