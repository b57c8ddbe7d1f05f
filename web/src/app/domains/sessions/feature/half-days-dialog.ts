/** Plans the half-days of a session that a person created: days, trainers and rooms. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { SessionHalfDayRow } from '../../../api/models/session-half-day-row';
import { SessionRecord } from '../../../api/models/session-record';
import { rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { FORM_CONTEXT, FormContext, NO_CONTEXT } from '../../../shared/schema-form/context';
import { JsonObject, fieldsOf, pruned } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';
import { SessionClient } from '../data/session-client';
import { HALF_DAYS_SCHEMA } from '../util/session-schema';

@Component({
  imports: [DialogActions, Refusal, SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog dialog-wide" novalidate (submit)="save($event)">
      <header>
        <h2 id="half-days-plan">{{ 'sessions.plan' | transloco }}</h2>
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
  // Its own bookings are no conflict, and rooms are those of its site.
  providers: [
    {
      provide: FORM_CONTEXT,
      useFactory: () => {
        const { id, localisationId } = inject<SessionRecord>(DIALOG_DATA);
        return signal<FormContext>({ ...NO_CONTEXT, site: localisationId, record: id });
      },
    },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HalfDaysDialog {
  readonly #client = inject(SessionClient);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #session = signal(inject<SessionRecord>(DIALOG_DATA));
  protected readonly ref = inject<DialogRef<SessionRecord | null>>(DialogRef);
  protected readonly schema = HALF_DAYS_SCHEMA;
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#document());
  protected readonly sending = schemaSending<SessionRecord>({
    fields: () => this.#fields,
    value: this.value,
    began: () => this.#document(),
    overtaken: (now) => {
      const seen = this.#document();
      this.#session.set(now);
      const after = rebased(this.value(), seen, this.#document());
      this.value.set(after.value);
      return after;
    },
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      const { halfDays = [] } = (pruned(this.value()) ?? {}) as { halfDays?: SessionHalfDayRow[] };
      const saved = await this.#client.plan(this.#session(), halfDays);
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    });
  }

  #document(): JsonObject {
    return { halfDays: (this.#session().rows ?? []) as unknown as JsonObject[] };
  }
}
