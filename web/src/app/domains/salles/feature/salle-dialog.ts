/** Creates or changes a room. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createSalle } from '../../../api/fn/salles/create-salle';
import { updateSalle } from '../../../api/fn/salles/update-salle';
import { Salle } from '../../../api/models/salle';
import { SalleCreate } from '../../../api/models/salle-create';
import { Site } from '../../../shared/auth/site';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Undo } from '../../../shared/forms/undo';
import { Lookups } from '../../../shared/schema-form/lookups';
import { JsonObject, JsonSchema, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { SiteChoice } from '../../../shared/forms/site-choice';
import { SALLE_SCHEMA } from '../util/salle-schema';

@Component({
  imports: [SiteChoice, DialogActions, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog" novalidate (submit)="save($event)">
      <header>
        <h2 id="salle-title">{{ (before() ? 'salles.edit' : 'salles.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @if (!before()) {
          <afpi-site-choice label="salles.site" [(chosen)]="localisationId" />
        }
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
export class SalleDialog {
  readonly #api = inject(Api);
  readonly #lookups = inject(Lookups);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  /** The room as last read; `null` for a new one. */
  protected readonly before = signal(inject<Salle | null>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<Salle | null>>(DialogRef);
  protected readonly schema: JsonSchema = this.before() ? SALLE_SCHEMA : withoutActive(SALLE_SCHEMA);
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#document(this.before()));
  protected readonly localisationId = signal(this.site.current() ?? this.site.mine()[0]?.id ?? '');
  protected readonly sending = schemaSending<Salle>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(this.before()),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.before();
      const saved = await this.#send(this.value());
      this.#lookups.forget();
      if (before) {
        this.#undo.saved(async () => {
          const now = await this.#change(saved, this.#document(before));
          this.#lookups.forget();
          return now;
        });
      } else this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    });
  }

  #send(value: JsonObject): Promise<Salle> {
    const before = this.before();
    if (!before) {
      const body = {
        ...(pruned(value) as object),
        ...(this.localisationId() ? { localisationId: this.localisationId() } : {}),
      } as SalleCreate;
      return this.#api.invoke(createSalle, { body });
    }
    return this.#change(before, value);
  }
  /** `null` clears: every field of the form is sent. */
  #change({ id, version }: Salle, value: JsonObject): Promise<Salle> {
    const body = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(value[key] ?? null) ?? null]));
    return this.#api.invoke(updateSalle, { id, 'If-Match': `"${version}"`, body });
  }

  #overtaken(now: Salle): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.before()), this.#document(now));
    this.before.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(record: Salle | null): JsonObject {
    return record
      ? Object.fromEntries(this.#fields.map(({ key }) => [key, (record as unknown as JsonObject)[key] ?? null]))
      : {};
  }
}

function withoutActive(schema: JsonSchema): JsonSchema {
  const { active: _, ...properties } = schema['properties'] as Record<string, unknown>;
  return { ...schema, properties };
}
