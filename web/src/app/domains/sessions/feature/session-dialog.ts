/** Creates or changes a session. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getBpfNomenclature } from '../../../api/fn/bpf/get-bpf-nomenclature';
import { SessionRecord } from '../../../api/models/session-record';
import { SessionCreate } from '../../../api/models/session-create';
import { Site } from '../../../shared/auth/site';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { SiteChoice } from '../../../shared/forms/site-choice';
import { Undo } from '../../../shared/forms/undo';
import { JsonObject, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';
import { SessionClient } from '../data/session-client';
import { newSession, sessionSchema } from '../util/session-schema';

@Component({
  imports: [DialogActions, Refusal, SchemaForm, SiteChoice, TranslocoPipe],
  template: `
    <form class="dialog" novalidate (submit)="save($event)">
      <header>
        <h2 id="session-title">{{ (before() ? 'sessions.edit' : 'sessions.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @if (!before()) {
          <afpi-site-choice label="sessions.site" [(chosen)]="localisationId" />
        }
        <afpi-schema-form
          [schema]="schema()"
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
export class SessionDialog {
  readonly #api = inject(Api);
  readonly #client = inject(SessionClient);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #undo = inject(Undo);
  readonly #site = inject(Site);
  /** The session as last read; `null` for a new one. */
  protected readonly before = signal(inject<SessionRecord | null>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<SessionRecord | null>>(DialogRef);
  readonly #isNew = !this.before();
  readonly #nomenclature = resource({
    loader: () => this.#api.invoke(getBpfNomenclature),
    defaultValue: { objectifs: [], specialites: [] },
  });
  protected readonly schema = computed(() => {
    const known = this.#nomenclature.hasValue() ? this.#nomenclature.value() : { objectifs: [], specialites: [] };
    return this.#isNew ? newSession(known) : sessionSchema(known);
  });
  readonly #fields = fieldsOf(this.schema());
  protected readonly value = signal<JsonObject>(this.#document(this.before()));
  protected readonly localisationId = signal(this.#site.current() ?? this.#site.mine()[0]?.id ?? '');
  protected readonly sending = schemaSending<SessionRecord>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(this.before()),
    overtaken: (now) => this.#overtaken(now),
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const before = this.before();
      const saved = await this.#send(before);
      if (before) this.#undo.saved(() => this.#change(saved, this.#document(before)));
      else this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    });
  }

  #send(before: SessionRecord | null): Promise<SessionRecord> {
    if (before) return this.#change(before, this.value());
    const site = this.localisationId() ? { localisationId: this.localisationId() } : {};
    return this.#client.create({ ...(pruned(this.value()) as object), ...site } as SessionCreate);
  }
  /** `null` clears: every field of the form is sent. */
  #change(record: SessionRecord, value: JsonObject): Promise<SessionRecord> {
    const body = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(value[key] ?? null) ?? null]));
    return this.#client.change(record, body);
  }
  #overtaken(now: SessionRecord): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.before()), this.#document(now));
    this.before.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(record: SessionRecord | null): JsonObject {
    return record
      ? Object.fromEntries(this.#fields.map(({ key }) => [key, (record as unknown as JsonObject)[key] ?? null]))
      : {};
  }
}
