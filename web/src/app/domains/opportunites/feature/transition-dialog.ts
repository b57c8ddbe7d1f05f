/** Shows a transition's form (a reason, a date) and takes it. The server's refusals are shown at their fields. */
import { ChangeDetectionStrategy, Component, WritableSignal, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { newerIn } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { FORM_CONTEXT, FormContext, NO_CONTEXT, Written } from '../../../shared/schema-form/context';
import { JsonObject, JsonSchema, fieldsOf, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { OpportuniteClient } from '../data/opportunite-client';
import { WorkflowStore } from '../data/workflow-store';
import { isOffered } from '../util/way-back';

export interface TransitionQuestion {
  record: Opportunite;
  offer: Offer;
  /** Values that the form begins with. */
  given?: JsonObject;
  /** Somebody else was faster: this is the present record. Returns what is new about it. */
  overtaken: (now: Opportunite) => Promise<string[]>;
}

const BASE = '/move';

@Component({
  imports: [Refusal, SchemaForm, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" (submit)="go($event)" novalidate>
      <header>
        <h2 id="transition-title">{{ offer.label | txt }}</h2>
      </header>
      <div class="body">
        <p class="muted">{{ record.numero }} · {{ record.title }}</p>
        <afpi-refusal [said]="sending.refusal()" />
        @if (fields.length) {
          <afpi-schema-form
            [schema]="schema"
            [value]="value()"
            (edit)="value.update($event)"
            [errors]="sending.errors()"
            [base]="base"
          />
        } @else {
          <p>{{ 'moves.sure' | transloco }}</p>
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(null)">{{ 'common.close' | transloco }}</button>
        <button
          type="submit"
          class="btn"
          [class]="offer.direction === 'stop' ? 'btn-danger' : 'btn-primary'"
          [disabled]="sending.busy()"
        >
          {{ offer.label | txt }}
        </button>
      </footer>
    </form>
  `,
  providers: [
    {
      provide: FORM_CONTEXT,
      useFactory: () =>
        signal<FormContext>({ ...NO_CONTEXT, site: inject<TransitionQuestion>(DIALOG_DATA).record.localisation.id }),
    },
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TransitionDialog {
  readonly #client = inject(OpportuniteClient);
  readonly #question = inject<TransitionQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Opportunite | null>>(DialogRef);
  protected readonly record = this.#question.record;
  protected readonly offer = this.#question.offer;
  protected readonly base = BASE;
  protected readonly schema: JsonSchema = this.offer.form ?? {};
  protected readonly fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.#first());
  readonly #context = inject<WritableSignal<FormContext>>(FORM_CONTEXT, { self: true });
  readonly #workflows = inject(WorkflowStore);
  #version = this.record.version;
  #news: string[] = [];
  protected readonly sending = schemaSending<Opportunite>({
    fields: () => this.fields,
    value: this.value,
    began: () => this.#first(),
    base: BASE,
    overtaken: (now) => {
      this.#version = now.version;
      this.#offerRows(now);
      return { taken: this.#news, kept: [] };
    },
  });

  #first(): JsonObject {
    return withDefaults(this.fields, this.#question.given ?? {});
  }

  constructor() {
    this.#offerRows(this.record);
  }

  /** Its rows are known once its workflow is loaded. */
  #offerRows(record: Opportunite): void {
    const say = (written: Written): void => {
      this.#context.update((context) => ({ ...context, written }));
    };
    this.#workflows.of(record).then(
      ({ definition }) => {
        const forms = Object.fromEntries(definition.sections.map(({ id, form }) => [id, form]));
        say({ documents: record.data, forms });
      },
      () => {
        say({ documents: {}, forms: {} });
      },
    );
  }

  protected async go(event: Event): Promise<void> {
    event.preventDefault();
    await this.sending.run(async () => {
      try {
        const seen = { id: this.record.id, version: this.#version };
        this.ref.close(
          await this.#client.transition(seen, this.offer.transition, (pruned(this.value()) ?? {}) as JsonObject),
        );
      } catch (error) {
        const now = newerIn<Opportunite>(error);
        if (now) this.#news = await this.#question.overtaken(now);
        // A move that is no longer offered cannot be confirmed.
        if (now && !isOffered(now, this.offer)) this.ref.close(null);
        else throw error;
      }
    });
  }
}
