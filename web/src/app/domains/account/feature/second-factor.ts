/** One's own second factor: on or off, another phone, new recovery codes. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { getSecondFactor } from '../../../api/fn/auth/get-second-factor';
import { removeSecondFactor } from '../../../api/fn/auth/remove-second-factor';
import { renewRecoveryCodes } from '../../../api/fn/auth/renew-recovery-codes';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { RecoveryCodes } from '../ui/recovery-codes';
import { FactorSetup } from './factor-setup';
import { PasswordQuestion, PasswordQuestionData } from './password-question';

/** With so few codes left it is time for new ones. */
const FEW = 3;

@Component({
  selector: 'afpi-second-factor',
  imports: [FactorSetup, Failed, Icon, InstantPipe, Loading, RecoveryCodes, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="factor-title">
      <header class="card-head">
        <h2 id="factor-title">{{ 'factor.title' | transloco }}</h2>
        @if (factor.hasValue()) {
          <span class="chip" [class]="factor.value().since ? 'tone-good' : ''">{{
            (factor.value().since ? 'factor.on' : 'factor.off') | transloco
          }}</span>
        }
      </header>
      <div class="card-body stack">
        @if (factor.error(); as error) {
          <afpi-failed [error]="error" (retry)="factor.reload()" />
        } @else if (!factor.hasValue()) {
          <afpi-loading [rows]="2" />
        } @else if (codes(); as list) {
          <afpi-recovery-codes [codes]="list" (done)="codes.set(null)" />
        } @else if (settingUp()) {
          <afpi-factor-setup (done)="isSetUp()" />
          <button type="button" class="btn btn-quiet cancel" (click)="settingUp.set(false)">
            {{ 'common.cancel' | transloco }}
          </button>
        } @else if (factor.value(); as it) {
          @if (it.since) {
            <p>{{ 'factor.since' | transloco }} {{ it.since | instant }}</p>
            <p [class.warn]="few(it.recoveryCodesLeft)">
              @if (few(it.recoveryCodesLeft)) {
                <afpi-icon name="warning" [size]="16" />
              }
              {{ 'factor.left' | transloco: { n: it.recoveryCodesLeft } }}
            </p>
            <div class="row">
              <button type="button" class="btn" (click)="renew()">{{ 'factor.renew.title' | transloco }}</button>
              <button type="button" class="btn" (click)="settingUp.set(true)">{{ 'factor.other' | transloco }}</button>
              @if (it.required) {
                <span class="muted small">{{ 'factor.required' | transloco }}</span>
              } @else {
                <button type="button" class="btn" (click)="remove()">{{ 'factor.remove.title' | transloco }}</button>
              }
            </div>
          } @else {
            <p>{{ 'factor.text' | transloco }}</p>
            <button type="button" class="btn btn-primary begin" (click)="settingUp.set(true)">
              <afpi-icon name="shield" [size]="16" />{{ 'factor.begin' | transloco }}
            </button>
          }
        }
      </div>
    </section>
  `,
  styles: `
    .begin,
    .cancel {
      align-self: flex-start;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SecondFactorCard {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly factor = resource({ loader: () => this.#api.invoke(getSecondFactor) });
  protected readonly settingUp = signal(false);
  protected readonly codes = signal<string[] | null>(null);

  protected few(left: number): boolean {
    return left <= FEW;
  }
  protected isSetUp(): void {
    this.settingUp.set(false);
    this.factor.reload();
  }
  protected async renew(): Promise<void> {
    const answer = await this.#asked(
      this.#transloco.translate('factor.renew.title'),
      this.#transloco.translate('factor.renew.text'),
      (password) => this.#api.invoke(renewRecoveryCodes, { body: { password } }),
    );
    if (!answer) return;
    this.codes.set(answer.made.recoveryCodes);
    this.factor.reload();
  }
  protected async remove(): Promise<void> {
    const answer = await this.#asked(
      this.#transloco.translate('factor.remove.title'),
      this.#transloco.translate('factor.remove.text'),
      (password) => this.#api.invoke(removeSecondFactor, { body: { password } }),
    );
    if (!answer) return;
    this.#toasts.done(this.#transloco.translate('factor.removed'));
    this.factor.reload();
  }

  /** Asks for the password. `undefined` when the person does not go on. */
  #asked<T>(title: string, text: string, run: (password: string) => Promise<T>): Promise<{ made: T } | undefined> {
    const data: PasswordQuestionData<T> = { title, text, run };
    const ref = this.#dialog.open<{ made: T }>(PasswordQuestion, {
      data,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'question-title',
    });
    return firstValueFrom(ref.closed);
  }
}
