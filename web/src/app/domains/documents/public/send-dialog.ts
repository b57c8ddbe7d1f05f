/**
 * Sends a document by mail: recipients proposed from the people who are known, subject and text from the plugin, both
 * editable, the PDF attached.
 */
import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { DIALOG_DATA, Dialog, DialogRef } from '@angular/cdk/dialog';
import { AbstractControl, FormBuilder, ReactiveFormsModule, ValidationErrors, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Document } from '../../../api/models/document';
import { DocumentSending } from '../../../api/models/document-sending';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Problems } from '../../../shared/http/problem';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DocumentClient } from '../data/document-client';
import { SendingStatus } from '../ui/sending-status';
import { addresses, allAddresses } from '../util/addresses';

export interface SendQuestion {
  document: Document;
  /** The languages that its kind can be had in; more than one are a choice. */
  languages: string[];
  /** The last documents of the same subject, in any language. */
  others: Document[];
  /** A mail that failed, to be corrected. */
  again?: DocumentSending;
}

/** Opens the dialog. Whether a mail was asked for. */
export async function askToSend(dialog: Dialog, data: SendQuestion): Promise<boolean> {
  const ref = dialog.open<boolean>(SendDialog, { data, panelClass: 'dialog-panel', ariaLabelledBy: 'send-title' });
  return (await firstValueFrom(ref.closed)) ?? false;
}

@Component({
  imports: [
    ControlState,
    DialogActions,
    Failed,
    Field,
    Icon,
    Loading,
    ReactiveFormsModule,
    Refusal,
    SendingStatus,
    TranslocoPipe,
  ],
  template: `
    <form class="dialog dialog-wide" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="send-title">{{ 'documents.sendTitle' | transloco: { name: document().title } }}</h2>
      </header>
      <div class="body">
        @if (mails.error(); as error) {
          <afpi-failed [error]="error" (retry)="mails.reload()" />
        } @else if (!mails.hasValue()) {
          <afpi-loading [rows]="6" />
        } @else {
          @let proposal = mails.value().proposal;
          @let controls = form.controls;
          @if (!proposal.mailServer) {
            <p class="notice notice-warn">
              <afpi-icon name="warning" [size]="16" />{{ 'documents.noMailServer' | transloco }}
            </p>
          }
          <afpi-refusal [said]="sending.refusal()" />
          @if (proposal.recipients.length) {
            <fieldset>
              <legend>{{ 'documents.recipients' | transloco }}</legend>
              @for (person of proposal.recipients; track person.email) {
                <label class="check"
                  ><input
                    type="checkbox"
                    [checked]="picked().has(person.email)"
                    (change)="pick(person.email, $any($event.target).checked)"
                  /><span
                    >{{ person.name || person.email }}
                    @if (person.name) {
                      <span class="muted">{{ person.email }}</span>
                    }
                  </span></label
                >
              }
            </fieldset>
          }
          <afpi-field
            [label]="(proposal.recipients.length ? 'documents.otherAddresses' : 'documents.addresses') | transloco"
            for="send-to"
            [control]="controls.to"
            [hint]="'documents.addressesHint' | transloco"
            ><input id="send-to" class="input" formControlName="to" inputmode="email" autocomplete="off"
          /></afpi-field>
          @if (asked.languages.length > 1) {
            <afpi-field [label]="'documents.language' | transloco" for="send-language" [control]="controls.language">
              <select id="send-language" class="input" formControlName="language" (change)="speak()">
                @for (language of asked.languages; track language) {
                  <option [value]="language">{{ 'documents.languages.' + language | transloco }}</option>
                }
              </select>
            </afpi-field>
          }
          <afpi-field [label]="'documents.subject' | transloco" for="send-subject" [control]="controls.subject"
            ><input id="send-subject" class="input" formControlName="subject" autocomplete="off"
          /></afpi-field>
          <afpi-field [label]="'documents.body' | transloco" for="send-body" [control]="controls.body">
            <textarea id="send-body" class="input" rows="11" formControlName="body"></textarea>
          </afpi-field>
          <p class="row small">
            <afpi-icon name="file" [size]="15" />{{ document().fileName }}.pdf
            @if (document().state === 'waiting') {
              <span class="muted">{{ 'documents.sentWhenReady' | transloco }}</span>
            }
          </p>
          @if (proposal.enclosures.length) {
            <fieldset>
              <legend>{{ 'documents.enclosures' | transloco }}</legend>
              @for (copy of proposal.enclosures; track copy.id) {
                <label class="check"
                  ><input
                    type="checkbox"
                    [checked]="enclosed().has(copy.id)"
                    (change)="enclose(copy.id, $any($event.target).checked)"
                  />{{ copy.title }}</label
                >
              }
            </fieldset>
          }
          <label class="check"
            ><input type="checkbox" formControlName="copy" />{{
              'documents.copyTo' | transloco: { address: proposal.replyTo }
            }}</label
          >
          <p class="muted small">
            {{ 'documents.fromSite' | transloco: { site: proposal.from, address: proposal.replyTo } }}
          </p>
          @if (mails.value().data.length) {
            <details class="small">
              <summary>{{ 'documents.earlier' | transloco: { n: mails.value().data.length } }}</summary>
              <ul>
                @for (mail of mails.value().data; track mail.id) {
                  <li><afpi-sending-status [sending]="mail" /></li>
                }
              </ul>
            </details>
          }
        }
      </div>
      <footer
        afpiDialogActions
        save="documents.send"
        [busy]="sending.busy() || !mails.hasValue()"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  styles: `
    fieldset {
      display: grid;
      gap: 6px;
    }
    label span {
      overflow-wrap: anywhere;
    }
    ul {
      display: grid;
      gap: 6px;
      margin-top: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SendDialog {
  readonly #client = inject(DocumentClient);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly asked = inject<SendQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  protected readonly document = signal(this.asked.document);
  protected readonly mails = resource({
    params: () => this.document(),
    loader: async ({ params }) => {
      const mails = await this.#client.sendings(params);
      const { again } = this.asked;
      const { subject, body } = again ?? mails.proposal;
      const known = mails.proposal.recipients.map(({ email }) => email);
      const to = (again?.to ?? []).filter((address) => !known.includes(address)).join(', ');
      this.form.patchValue({ subject, body, ...(to ? { to } : {}) });
      return mails;
    },
  });
  readonly #proposed = computed(() => (this.mails.hasValue() ? this.mails.value().proposal.recipients : []));
  /** The chosen ones of the proposed people. */
  protected readonly picked = linkedSignal<string[], ReadonlySet<string>>({
    source: () =>
      this.#proposed()
        .filter(({ email, usual }) => this.asked.again?.to.includes(email) ?? usual)
        .map(({ email }) => email),
    computation: (usual) => new Set(usual),
  });
  /** The chosen ones of the proposed enclosures: at first all. */
  protected readonly enclosed = linkedSignal<string[], ReadonlySet<string>>({
    source: () => (this.mails.hasValue() ? this.mails.value().proposal.enclosures.map(({ id }) => id) : []),
    computation: (all) => new Set(all),
  });
  protected readonly form = inject(FormBuilder).nonNullable.group({
    to: ['', (control: AbstractControl<string>) => this.#reach(control)],
    language: [this.asked.document.language],
    subject: ['', [Validators.required, Validators.maxLength(200)]],
    body: ['', [Validators.required, Validators.maxLength(10_000)]],
    copy: [this.asked.again?.copy ?? false],
  });
  protected readonly sending = sending(this.form);

  protected pick(email: string, chosen: boolean): void {
    const picked = new Set(this.picked());
    if (chosen) picked.add(email);
    else picked.delete(email);
    this.picked.set(picked);
    this.form.controls.to.updateValueAndValidity();
    this.form.markAsDirty();
  }

  protected enclose(id: string, chosen: boolean): void {
    const enclosed = new Set(this.enclosed());
    if (chosen) enclosed.add(id);
    else enclosed.delete(id);
    this.enclosed.set(enclosed);
    this.form.markAsDirty();
  }

  /** Takes the document in the other language: the last one, or a new one. */
  protected async speak(): Promise<void> {
    const { language } = this.form.getRawValue();
    const { document, others } = this.asked;
    const known = [document, ...others].find((one) => one.language === language && one.state !== 'failed');
    try {
      this.document.set(known ?? (await this.#make(document, language)));
    } catch (error) {
      this.form.patchValue({ language: this.document().language });
      this.#problems.report(error);
    }
  }

  protected save(): Promise<void> {
    this.form.controls.to.updateValueAndValidity();
    return this.sending.run(async () => {
      const { to, subject, body, copy } = this.form.getRawValue();
      await this.#client.send(this.document(), {
        to: this.#all(to),
        subject,
        body,
        copy,
        enclosures: [...this.enclosed()],
      });
      this.#toasts.done(this.#transloco.translate('documents.mailAsked'));
      this.ref.close(true);
    });
  }

  async #make({ opportuniteId, kind, aboutId, aboutDay }: Document, language: string): Promise<Document> {
    const subject = { id: aboutId, ...(aboutDay ? { day: aboutDay } : {}) };
    const made = await this.#client.make(opportuniteId, { kind, language, subjects: [subject] });
    const first = made[0];
    if (!first) throw new Error('no document was made');
    return first;
  }

  #all(typed: string): string[] {
    return [...new Set([...this.picked(), ...addresses(typed)])];
  }

  #reach({ value }: AbstractControl<string>): ValidationErrors | null {
    if (!allAddresses(value)) return { email: true };
    return this.#all(value).length ? null : { required: true };
  }
}
