/** Files for the accountant: make one for a period, and read earlier ones again. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { FormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createAccountingExport } from '../../../api/fn/compta/create-accounting-export';
import { listAccountingEntities } from '../../../api/fn/compta/list-accounting-entities';
import { listAccountingExports } from '../../../api/fn/compta/list-accounting-exports';
import { listAccounts } from '../../../api/fn/compta/list-accounts';
import { putAccounts } from '../../../api/fn/compta/put-accounts';
import { AccountingExport } from '../../../api/models/accounting-export';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Download } from '../../../shared/http/download';
import { Problems } from '../../../shared/http/problem';
import { today } from '../../../shared/i18n/format';
import { DayPipe, InstantPipe, MoneyPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { ACCOUNTS_SCHEMA, accountsDocument, accountsOf } from '../util/settings-schemas';
import { SettingsDialog, SettingsQuestion } from './settings-dialog';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@Component({
  selector: 'afpi-comptabilite',
  imports: [
    ControlState,
    DateInput,
    DayPipe,
    Empty,
    Failed,
    Field,
    Icon,
    InstantPipe,
    Loading,
    MoneyPipe,
    ReactiveFormsModule,
    Refusal,
    TranslocoPipe,
  ],
  templateUrl: './comptabilite.html',
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Comptabilite {
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #download = inject(Download);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly form = inject(FormBuilder).nonNullable.group({
    entiteLegaleId: ['', [Validators.required]],
    from: [`${today().slice(0, 7)}-01`, [Validators.required]],
    to: [today(), [Validators.required]],
    repeat: [false],
  });
  protected readonly sending = sending(this.form);
  protected readonly entities = resource({
    loader: async () => {
      const { data } = await this.#api.invoke(listAccountingEntities);
      if (!this.form.value.entiteLegaleId) this.form.patchValue({ entiteLegaleId: data[0]?.id ?? '' });
      return data;
    },
    defaultValue: [],
  });
  protected readonly exports = resource({
    loader: async () => (await this.#api.invoke(listAccountingExports)).data,
  });

  protected create(): Promise<void> {
    return this.sending.run(async () => {
      const made = await this.#api.invoke(createAccountingExport, { body: this.form.getRawValue() });
      this.#toasts.done(this.#transloco.translate('facturation.exported', { n: made.entries }));
      this.form.patchValue({ repeat: false });
      this.form.markAsPristine();
      this.exports.reload();
    });
  }

  /** The accounts of the chosen legal entity. */
  protected async setAccounts(): Promise<void> {
    const id = this.form.getRawValue().entiteLegaleId;
    try {
      const { data } = await this.#api.invoke(listAccounts, { id });
      const usual = data.filter((account) => account.usual);
      const question: SettingsQuestion = {
        title: 'facturation.accounts',
        intro: 'facturation.accountsIntro',
        schema: ACCOUNTS_SCHEMA,
        before: accountsDocument(data),
        save: (document) => this.#api.invoke(putAccounts, { id, body: { accounts: accountsOf(document, usual) } }),
      };
      this.#dialog.open(SettingsDialog, {
        data: question,
        panelClass: 'dialog-panel',
        ariaLabelledBy: 'settings-title',
      });
    } catch (error) {
      this.#problems.report(error);
    }
  }

  protected async save(row: AccountingExport, xlsx: boolean): Promise<void> {
    const siret = this.entities.value().find(({ id }) => id === row.entiteLegaleId)?.siret;
    const name = `${siret?.slice(0, 9) ?? '000000000'}FEC${row.to.replaceAll('-', '')}`;
    try {
      const path = `/api/exports-comptables/${row.id}`;
      await this.#download.file(path, `${name}.${xlsx ? 'xlsx' : 'txt'}`, {}, xlsx ? XLSX : 'text/plain');
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
