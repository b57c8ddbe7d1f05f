/** Money that came in pays the chosen pieces: how it is divided is shown while the amount is typed. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createEncaissement } from '../../../api/fn/facturation/create-encaissement';
import { listPaymentModes } from '../../../api/fn/facturation/list-payment-modes';
import { Creance } from '../../../api/models/creance';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { MoneyInput } from '../../../shared/forms/money-input';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { today } from '../../../shared/i18n/format';
import { Format, MoneyPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';
import { allocate } from '../util/allocation';

@Component({
  imports: [
    ControlState,
    DateInput,
    DialogActions,
    Field,
    MoneyInput,
    MoneyPipe,
    ReactiveFormsModule,
    Refusal,
    TranslocoPipe,
    TxtPipe,
  ],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="payment-title">{{ 'facturation.pay' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @let controls = form.controls;
        <div class="form-grid">
          <afpi-field [label]="'facturation.received' | transloco" for="p-amount" [control]="controls.amount"
            ><input id="p-amount" class="input" afpiMoney formControlName="amount"
          /></afpi-field>
          <afpi-field [label]="'facturation.receivedOn' | transloco" for="p-day" [control]="controls.paidOn"
            ><afpi-date-input inputId="p-day" formControlName="paidOn"
          /></afpi-field>
          <afpi-field [label]="'facturation.mode' | transloco" for="p-mode" [control]="controls.mode"
            ><select id="p-mode" class="input" formControlName="mode">
              @for (mode of modes.value(); track mode.word) {
                <option [value]="mode.word">{{ mode.label | txt }}</option>
              }
            </select></afpi-field
          >
          <afpi-field [label]="'facturation.reference' | transloco" for="p-ref" [control]="controls.reference"
            ><input id="p-ref" class="input" formControlName="reference" autocomplete="off"
          /></afpi-field>
        </div>
        @let plan = allocation();
        <table class="table" [attr.aria-label]="'facturation.allocation' | transloco">
          <thead>
            <tr>
              <th scope="col">{{ 'facturation.number' | transloco }}</th>
              <th scope="col" class="right">{{ 'facturation.gets' | transloco }}</th>
              <th scope="col" class="right">{{ 'facturation.left' | transloco }}</th>
            </tr>
          </thead>
          <tbody>
            @for (share of plan.shares; track share.creance.id) {
              <tr>
                <td>
                  <span class="mono">{{ share.creance.number }}</span>
                  <div class="muted small">{{ share.creance.payer.name }} · {{ share.creance.opportunite.numero }}</div>
                </td>
                <td class="right num">{{ share.amount | money }}</td>
                <td class="right num" [class.warn]="share.left > 0">{{ share.left | money }}</td>
              </tr>
            }
          </tbody>
        </table>
        <div role="status">
          @if (plan.rest > 0) {
            <p class="notice notice-warn">{{ 'facturation.surplus' | transloco: { sum: (plan.rest | money) } }}</p>
          }
        </div>
        @if (plan.rest > 0) {
          <label class="check"
            ><input type="checkbox" formControlName="keepRest" />{{ 'facturation.keepRest' | transloco }}</label
          >
        }
      </div>
      <footer
        afpiDialogActions
        save="facturation.record"
        [busy]="sending.busy()"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  styles: `
    .warn {
      color: var(--warn);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PaymentDialog {
  readonly #api = inject(Api);
  readonly #format = inject(Format);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #pieces = inject<Creance[]>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly modes = resource({
    loader: async () => {
      const localisationId = this.#pieces[0]?.localisation.id ?? '';
      const { data } = await this.#api.invoke(listPaymentModes, { localisationId });
      if (!this.form.controls.mode.value) this.form.patchValue({ mode: data[0]?.word ?? '' });
      return data;
    },
    defaultValue: [],
  });
  protected readonly form = inject(FormBuilder).group({
    amount: [
      this.#pieces.reduce((sum, { balance }) => sum + balance, 0) as number | null,
      [Validators.required, Validators.min(1)],
    ],
    paidOn: [today() as string | null, [Validators.required]],
    mode: ['', [Validators.required]],
    reference: ['', [Validators.maxLength(100)]],
    keepRest: [false],
  });
  protected readonly sending = sending(this.form);
  readonly #amount = toSignal(this.form.controls.amount.valueChanges, {
    initialValue: this.form.controls.amount.value,
  });
  protected readonly allocation = computed(() => allocate(this.#amount() ?? 0, this.#pieces));

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { amount, paidOn, mode, reference, keepRest } = this.form.getRawValue();
      const made = await this.#api.invoke(createEncaissement, {
        body: {
          amount: amount ?? 0,
          paidOn,
          mode: mode ?? '',
          ...(reference ? { reference } : {}),
          keepRest: keepRest ?? false,
          pieces: this.#pieces.flatMap(({ pieceId }) => (pieceId ? [{ pieceId }] : [])),
        },
      });
      const open = made.pieces.filter(({ balance }) => balance > 0);
      const said = this.#transloco.translate('facturation.recorded', { n: made.pieces.length });
      const left = open.map(({ number, balance }) =>
        this.#transloco.translate('facturation.stillOpen', { number, sum: this.#format.money(balance) }),
      );
      this.#toasts.done([said, ...left].join(' '));
      this.ref.close(true);
    });
  }
}
