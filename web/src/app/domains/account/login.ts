/** Sign in. In demo mode the server offers accounts: one button per role. */
import { ChangeDetectionStrategy, Component, ElementRef, inject, input, resource, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { listDemoAccounts } from '../../api/fn/auth/list-demo-accounts';
import { DemoAccount } from '../../api/models/demo-account';
import { Session } from '../../shared/auth/session';
import { ControlState } from '../../shared/forms/control-state';
import { Field } from '../../shared/forms/field';
import { focusFirstError } from '../../shared/forms/problem-form';
import { Problems, isProblem } from '../../shared/http/problem';
import { Language } from '../../shared/i18n/language';
import { Icon } from '../../shared/ui/icon';

@Component({
  imports: [ControlState, Field, Icon, ReactiveFormsModule, TranslocoPipe],
  templateUrl: './login.html',
  styleUrl: './login.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Login {
  /** Where to go afterwards; only paths of this application count. */
  readonly retour = input<string>();
  /** Set when a session has ended on its own. */
  readonly fin = input<string>();

  readonly #session = inject(Session);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly language = inject(Language);

  protected readonly form = inject(NonNullableFormBuilder).group({
    email: ['', [Validators.required, Validators.email]],
    password: ['', Validators.required],
  });
  protected readonly shown = signal(false);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  readonly #api = inject(Api);
  protected readonly accounts = resource({ loader: () => demoAccounts(this.#api), defaultValue: [] }).value;

  protected async submit(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid) {
      focusFirstError(this.#host);
      return;
    }
    const { email, password } = this.form.getRawValue();
    await this.#enter(email.trim(), password);
  }

  protected async enterAs(account: DemoAccount): Promise<void> {
    this.form.setValue({ email: account.email, password: account.password });
    await this.#enter(account.email, account.password);
  }

  async #enter(email: string, password: string): Promise<void> {
    this.busy.set(true);
    this.refusal.set('');
    try {
      await this.#session.login(email, password);
      const wanted = this.retour();
      await this.#router.navigateByUrl(wanted?.startsWith('/') && !wanted.startsWith('//') ? wanted : '/');
    } catch (error) {
      this.refusal.set(this.#problems.message(error));
      this.form.controls.password.reset();
    } finally {
      this.busy.set(false);
    }
  }
}

/** The accounts of demo mode; none when the server does not run it (404). */
async function demoAccounts(api: Api): Promise<DemoAccount[]> {
  try {
    return (await api.invoke(listDemoAccounts)).data;
  } catch (error) {
    if (isProblem(error)) return [];
    throw error;
  }
}
