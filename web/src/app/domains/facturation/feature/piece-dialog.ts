/** A piece: its sums and payments; reverse a payment, credit a part, say that the payer disputes it. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { creditPiece } from '../../../api/fn/facturation/credit-piece';
import { deleteDispute } from '../../../api/fn/facturation/delete-dispute';
import { putDispute } from '../../../api/fn/facturation/put-dispute';
import { reversePaiement } from '../../../api/fn/facturation/reverse-paiement';
import { listPieces } from '../../../api/fn/pieces/list-pieces';
import { Creance } from '../../../api/models/creance';
import { Paiement } from '../../../api/models/paiement';
import { PieceAmount } from '../../../api/models/piece-amount';
import { Can } from '../../../shared/auth/can';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { MoneyInput } from '../../../shared/forms/money-input';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { DayPipe, Format, MoneyPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { PieceDocument } from '../../documents/public/piece-document';

/** What is being done to the piece. */
type Act = { kind: 'credit' } | { kind: 'reverse'; payment: Paiement } | { kind: 'dispute' };

@Component({
  imports: [
    Can,
    ControlState,
    DayPipe,
    Failed,
    Field,
    Loading,
    MoneyInput,
    MoneyPipe,
    PieceDocument,
    ReactiveFormsModule,
    Refusal,
    RouterLink,
    TranslocoPipe,
  ],
  templateUrl: './piece-dialog.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PieceDialog {
  readonly #api = inject(Api);
  readonly #format = inject(Format);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly creance = inject<Creance>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly record = resource({
    loader: () => this.#api.invoke(listPieces, { id: this.creance.opportunite.id }),
  });
  protected readonly amounts = computed<PieceAmount[]>(() => {
    const pieces = this.record.hasValue() ? this.record.value().data : [];
    return pieces.find(({ id }) => id === this.creance.pieceId)?.amounts ?? [];
  });
  protected readonly payments = computed<Paiement[]>(() => {
    const all = this.record.hasValue() ? this.record.value().paiements : [];
    return all.filter(({ pieceId }) => pieceId === this.creance.pieceId);
  });
  protected readonly act = signal<Act | null>(null);
  protected readonly form = inject(FormBuilder).group({
    reason: ['', [Validators.required, Validators.minLength(3), Validators.maxLength(2000)]],
    amount: [null as number | null],
    rate: [0],
  });
  protected readonly sending = sending(this.form);

  /** What counter-entries have left of a payment. */
  protected left(payment: Paiement): number {
    const back = this.payments().filter(({ reverses }) => reverses === payment.position);
    return payment.amount + back.reduce((sum, { amount }) => sum + amount, 0);
  }
  protected percent(rate: number): string {
    return this.#format.percent(rate / 10_000, rate % 100 ? 1 : 0);
  }
  protected begin(act: Act): void {
    const rate = act.kind === 'credit' ? (this.amounts()[0]?.rate ?? 0) : 0;
    this.form.reset({ reason: '', amount: act.kind === 'reverse' ? this.left(act.payment) : null, rate });
    this.act.set(act);
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const act = this.act();
      if (!act) return;
      await this.#do(act);
      this.#done();
    });
  }
  protected async settle(): Promise<void> {
    const id = this.creance.pieceId;
    if (id) await this.#api.invoke(deleteDispute, { id });
    this.#done();
  }

  async #do(act: Act): Promise<void> {
    const { amount, rate } = this.form.getRawValue();
    const reason = this.form.getRawValue().reason ?? '';
    const id = this.creance.pieceId ?? '';
    if (act.kind === 'dispute') await this.#api.invoke(putDispute, { id, body: { reason } });
    else if (act.kind === 'credit') {
      const amounts = amount === null ? {} : { amounts: [{ rate: rate ?? 0, net: amount }] };
      await this.#api.invoke(creditPiece, { id, body: { reason, ...amounts } });
    } else {
      const body = { reason, ...(amount === null ? {} : { amount }) };
      const position = String(act.payment.position);
      await this.#api.invoke(reversePaiement, { id: this.creance.opportunite.id, position, body });
    }
  }
  #done(): void {
    this.#toasts.done(this.#transloco.translate('common.saved'));
    this.ref.close(true);
  }
}
