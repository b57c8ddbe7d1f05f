/** Changes a list of settings as a spreadsheet: the steps of reminders, or the accounts of a legal entity. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Refusal } from '../../../shared/forms/refusal';
import { JsonObject, JsonSchema, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';

export interface SettingsQuestion {
  /** Text keys. */
  title: string;
  intro: string;
  schema: JsonSchema;
  before: JsonObject;
  save: (document: JsonObject) => Promise<unknown>;
}

@Component({
  imports: [DialogActions, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog wide" novalidate (submit)="save($event)">
      <header>
        <h2 id="settings-title">{{ asked.title | transloco }}</h2>
      </header>
      <div class="body stack">
        <p class="muted">{{ asked.intro | transloco }}</p>
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-schema-form
          [schema]="asked.schema"
          [value]="value()"
          (edit)="value.update($event)"
          [errors]="sending.errors()"
        />
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(false)"></footer>
    </form>
  `,
  styles: `
    .wide {
      width: min(860px, calc(100vw - 24px));
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SettingsDialog {
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly asked = inject<SettingsQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  readonly #fields = fieldsOf(this.asked.schema);
  protected readonly value = signal<JsonObject>(this.asked.before);
  protected readonly sending = schemaSending({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.asked.before,
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      await this.asked.save((pruned(this.value()) ?? {}) as JsonObject);
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(true);
    });
  }
}
