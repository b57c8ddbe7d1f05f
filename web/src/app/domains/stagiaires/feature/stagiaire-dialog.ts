/** Changes a trainee. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Stagiaire } from '../../../api/models/stagiaire';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Undo } from '../../../shared/forms/undo';
import { JsonObject, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { StagiaireClient } from '../data/stagiaire-client';
import { STAGIAIRE_SCHEMA } from '../util/stagiaire-schema';

@Component({
  imports: [DialogActions, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog" novalidate (submit)="save($event)">
      <header>
        <h2 id="stagiaire-title">{{ 'stagiaires.editTitle' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        <afpi-schema-form
          [schema]="schema"
          [value]="value()"
          (edit)="value.update($event)"
          [errors]="sending.errors()"
        />
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(null)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StagiaireDialog {
  readonly #client = inject(StagiaireClient);
  readonly #undo = inject(Undo);
  /** The trainee as last read. */
  readonly #before = signal(inject<Stagiaire>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<Stagiaire | null>>(DialogRef);
  protected readonly schema = STAGIAIRE_SCHEMA;
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#document(this.#before()));
  protected readonly sending = schemaSending<Stagiaire>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(this.#before()),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.#before();
      const saved = await this.#change(before, this.value());
      this.#undo.saved(() => this.#change(saved, this.#document(before)));
      this.ref.close(saved);
    });
  }

  /** `null` clears: every field of the form is sent. */
  #change(record: Stagiaire, value: JsonObject): Promise<Stagiaire> {
    const body = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(value[key] ?? null) ?? null]));
    return this.#client.change(record, body);
  }
  #overtaken(now: Stagiaire): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.#before()), this.#document(now));
    this.#before.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(record: Stagiaire): JsonObject {
    return Object.fromEntries(this.#fields.map(({ key }) => [key, (record as unknown as JsonObject)[key] ?? null]));
  }
}
