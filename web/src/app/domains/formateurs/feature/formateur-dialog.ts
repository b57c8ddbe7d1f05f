/** Creates or changes a trainer. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createFormateur } from '../../../api/fn/formateurs/create-formateur';
import { listBookableFormateurs } from '../../../api/fn/formateurs/list-bookable-formateurs';
import { updateFormateur } from '../../../api/fn/formateurs/update-formateur';
import { Formateur } from '../../../api/models/formateur';
import { FormateurCreate } from '../../../api/models/formateur-create';
import { Site } from '../../../shared/auth/site';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Left, Successor, leftBehind } from '../../opportunites/public/successor';
import { Undo } from '../../../shared/forms/undo';
import { JsonObject, JsonSchema, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { SiteChoice } from '../../../shared/forms/site-choice';
import { FORMATEUR_SCHEMA } from '../util/formateur-schema';

@Component({
  imports: [SiteChoice, DialogActions, Refusal, SchemaForm, Successor, TranslocoPipe],
  template: `
    <form class="dialog dialog-wide" novalidate (submit)="save($event)">
      <header>
        <h2 id="formateur-title">{{ (before() ? 'formateurs.edit' : 'formateurs.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @if (!before()) {
          <afpi-site-choice label="formateurs.sites" [(chosen)]="localisationId" />
        }
        <afpi-schema-form
          [schema]="schema"
          [value]="value()"
          (edit)="value.update($event)"
          [errors]="sending.errors()"
        />
        @if (left(); as sessions) {
          <afpi-successor [left]="sessions" [people]="heirs.value() ?? []" [(successor)]="successor" />
        }
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(null)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FormateurDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  /** The trainer that was read last; `null` for a new one. */
  protected readonly before = signal(inject<Formateur | null>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<Formateur | null>>(DialogRef);
  protected readonly schema: JsonSchema = this.before() ? FORMATEUR_SCHEMA : withoutActive(FORMATEUR_SCHEMA);
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#document(this.before()));
  /** Sessions that the change would leave without a trainer, after the server has reported them. */
  protected readonly left = signal<Left | null>(null);
  protected readonly successor = signal('');
  protected readonly heirs = resource({
    params: () => (this.left() ? { localisationId: this.before()?.localisationId ?? '' } : undefined),
    loader: async ({ params }) =>
      (await this.#api.invoke(listBookableFormateurs, params)).data.filter(({ id }) => id !== this.before()?.id),
  });
  protected readonly localisationId = signal(this.site.current() ?? this.site.mine()[0]?.id ?? '');
  protected readonly sending = schemaSending<Formateur>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(this.before()),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.before();
      const saved = await this.#send(this.value()).catch((error: unknown) => {
        this.left.set(leftBehind(error) ?? this.left());
        throw error;
      });
      // An undo does not bring back half-days that went to another trainer.
      if (before && !this.left()) this.#undo.saved(() => this.#change(saved, this.#document(before)));
      else this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    });
  }

  #send(value: JsonObject): Promise<Formateur> {
    const before = this.before();
    if (!before) {
      const body = {
        ...(pruned(value) as object),
        ...(this.localisationId() ? { localisationId: this.localisationId() } : {}),
      } as FormateurCreate;
      return this.#api.invoke(createFormateur, { body });
    }
    return this.#change(before, value, this.left() && this.successor() ? { successorId: this.successor() } : {});
  }
  /** `null` clears: every field of the form is sent. */
  #change({ id, version }: Formateur, value: JsonObject, more: { successorId?: string } = {}): Promise<Formateur> {
    const body = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(value[key] ?? null) ?? null]));
    return this.#api.invoke(updateFormateur, { id, 'If-Match': `"${version}"`, body: { ...body, ...more } });
  }

  #overtaken(now: Formateur): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.before()), this.#document(now));
    this.before.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(record: Formateur | null): JsonObject {
    return record
      ? picked(
          record,
          this.#fields.map(({ key }) => key),
        )
      : { kind: 'permanent' };
  }
}

function withoutActive(schema: JsonSchema): JsonSchema {
  const { active: _, ...properties } = schema['properties'] as Record<string, unknown>;
  return { ...schema, properties };
}

function picked(record: Formateur, keys: string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, (record as unknown as JsonObject)[key] ?? null]));
}
