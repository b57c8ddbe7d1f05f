/** Another name for a file, for an opportunité its section, and for a trainer the last day on which it is valid. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Attachment } from '../../../api/models/attachment';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { AttachmentClient, Holder } from '../data/attachment-client';
import { Section } from '../util/section';

export interface RenameQuestion {
  holder: Holder;
  file: Attachment;
  sections: readonly Section[];
}

/** The server's limit. */
const LONGEST = 200;

@Component({
  imports: [ControlState, DateInput, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="rename-title">{{ 'attachments.rename' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-field [label]="'attachments.name' | transloco" for="a-name" [control]="form.controls.name"
          ><input id="a-name" class="input" formControlName="name"
        /></afpi-field>
        @if (question.sections.length) {
          <afpi-field [label]="'attachments.section' | transloco" for="a-section" [control]="form.controls.section"
            ><select id="a-section" class="input" formControlName="section">
              <option value="">{{ 'attachments.noSection' | transloco }}</option>
              @for (one of question.sections; track one.id) {
                <option [value]="one.id">{{ one.label | txt }}</option>
              }
            </select></afpi-field
          >
        }
        @if (question.holder.kind === 'formateurs') {
          <afpi-field [label]="'attachments.expiresOn' | transloco" for="a-expires" [control]="form.controls.expiresOn"
            ><afpi-date-input inputId="a-expires" formControlName="expiresOn"
          /></afpi-field>
        }
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(null)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RenameDialog {
  readonly #client = inject(AttachmentClient);
  readonly #transloco = inject(TranslocoService);
  protected readonly question = inject<RenameQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Attachment | null>>(DialogRef);
  /** The file as last read. */
  readonly #before = signal(this.question.file);
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: [this.question.file.name, [Validators.required, Validators.maxLength(LONGEST)]],
    section: [this.question.file.section ?? ''],
    expiresOn: [this.question.file.expiresOn ?? null],
  });
  protected readonly sending = sending<Attachment>(this.form, {
    overtaken: (now) => {
      const after = rebased(this.form.getRawValue(), placeOf(this.#before()), placeOf(now));
      this.#before.set(now);
      this.form.setValue(after.value);
      return after;
    },
    label: (field) => this.#transloco.translate(`attachments.${field}`),
  });

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { name, section, expiresOn } = this.form.getRawValue();
      const before = this.#before();
      // A piece belongs to the checklist of its section.
      const moved = this.question.sections.length > 0 && section !== (before.section ?? '');
      const place = moved ? { section: section || null, piece: null } : {};
      const body = { name, ...place, ...(this.question.holder.kind === 'formateurs' ? { expiresOn } : {}) };
      this.ref.close(await this.#client.change(this.question.holder, this.#before(), body));
    });
  }
}

function placeOf({ name, section, expiresOn }: Attachment): {
  name: string;
  section: string;
  expiresOn: string | null;
} {
  return { name, section: section ?? '', expiresOn: expiresOn ?? null };
}
