/** Keeps the signed copy of a document: the file, who signed, and when. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Document } from '../../../api/models/document';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { today } from '../../../shared/i18n/format';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DocumentClient } from '../data/document-client';

@Component({
  imports: [ControlState, DateInput, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="sign-title">{{ 'documents.signTitle' | transloco: { name: document.title } }}</h2>
      </header>
      <div class="body">
        <p class="muted">{{ 'documents.signIntro' | transloco }}</p>
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-field [label]="'documents.signedFile' | transloco" for="sign-file" [control]="form.controls.uploadId">
          <input
            id="sign-file"
            class="input"
            type="file"
            accept="application/pdf,image/*"
            [attr.aria-invalid]="form.controls.uploadId.touched && form.controls.uploadId.invalid ? 'true' : null"
            (change)="choose($any($event.target).files)"
          />
        </afpi-field>
        <div class="form-grid">
          <afpi-field [label]="'documents.signedOn' | transloco" for="sign-day" [control]="form.controls.signedOn"
            ><afpi-date-input inputId="sign-day" formControlName="signedOn"
          /></afpi-field>
          <afpi-field [label]="'documents.signatory' | transloco" for="sign-by" [control]="form.controls.signatory"
            ><input id="sign-by" class="input" formControlName="signatory" autocomplete="off"
          /></afpi-field>
        </div>
      </div>
      <footer
        afpiDialogActions
        [save]="'documents.keepSigned'"
        [busy]="sending.busy()"
        (cancelled)="ref.close(false)"
      ></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SignDialog {
  readonly #client = inject(DocumentClient);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly document = inject<Document>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  readonly #file = signal<File | null>(null);
  protected readonly form = inject(FormBuilder).group({
    /** The name of the chosen file: there is an upload once the form is sent. */
    uploadId: ['', [Validators.required]],
    signedOn: [today() as string | null, [Validators.required]],
    signatory: ['', [Validators.required, Validators.maxLength(200)]],
  });
  protected readonly sending = sending(this.form);

  protected choose(files: FileList | null): void {
    const file = files?.[0] ?? null;
    this.#file.set(file);
    this.form.patchValue({ uploadId: file?.name ?? '' });
    this.form.markAsDirty();
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { signedOn, signatory } = this.form.getRawValue();
      const file = this.#file();
      if (!file || !signedOn || !signatory) return;
      await this.#client.sign(this.document, file, { signedOn, signatory });
      this.#toasts.done(this.#transloco.translate('documents.signedKept'));
      this.ref.close(true);
    });
  }
}
