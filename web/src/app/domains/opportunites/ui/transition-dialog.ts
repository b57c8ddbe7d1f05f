/** Asks what a transition wants to know (a reason, a date) and takes it; server refusals show at their fields. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Offer } from '../../../api/models/offer';
import { Opportunite } from '../../../api/models/opportunite';
import { focusFirstError } from '../../../shared/forms/problem-form';
import { Problems, isProblem } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { FORM_SITE } from '../../../shared/schema-form/lookups';
import { JsonObject, JsonSchema, fieldsOf, missing, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { Icon } from '../../../shared/ui/icon';
import { OpportuniteClient } from '../data/opportunite-client';

export interface TransitionQuestion {
  record: Opportunite;
  offer: Offer;
}

const BASE = '/move';

@Component({
  imports: [Icon, SchemaForm, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" (submit)="go($event)" novalidate>
      <header><h2 id="transition-title">{{ offer.label | txt }}</h2></header>
      <div class="body">
        <p class="muted">{{ record.numero }} · {{ record.title }}</p>
        @if (refusal().length) {
          <div class="notice notice-bad" role="alert"><afpi-icon name="circle-alert" class="bad" /><div>@for (line of refusal(); track line) { <p>{{ line }}</p> }</div></div>
        }
        @if (fields.length) {
          <afpi-schema-form [schema]="schema" [value]="value()" (valueChange)="value.set($event)" [errors]="errors()" [base]="base" />
        } @else {
          <p>{{ 'moves.sure' | transloco }}</p>
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close(null)">{{ 'common.close' | transloco }}</button>
        <button type="submit" class="btn" [class]="offer.direction === 'stop' ? 'btn-danger' : 'btn-primary'" [disabled]="busy()">{{ offer.label | txt }}</button>
      </footer>
    </form>
  `,
  providers: [{ provide: FORM_SITE, useFactory: () => signal(inject<TransitionQuestion>(DIALOG_DATA).record.localisation.id) }],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TransitionDialog {
  readonly #client = inject(OpportuniteClient);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #question = inject<TransitionQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Opportunite | null>>(DialogRef);
  protected readonly record = this.#question.record;
  protected readonly offer = this.#question.offer;
  protected readonly base = BASE;
  protected readonly schema: JsonSchema = this.offer.form ?? {};
  protected readonly fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(withDefaults(this.fields, {}));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string[]>([]);
  readonly #server = signal<ReadonlyMap<string, string>>(new Map());
  readonly #tried = signal(false);
  protected readonly errors = computed<ReadonlyMap<string, string>>(() => {
    const required = this.#tried() ? missing(this.fields, this.value(), BASE) : [];
    return new Map([...this.#server(), ...required.map((pointer) => [pointer, this.#transloco.translate('form.required')] as const)]);
  });

  protected async go(event: Event): Promise<void> {
    event.preventDefault();
    this.#tried.set(true);
    this.refusal.set([]);
    this.#server.set(new Map());
    if (this.errors().size) {
      focusFirstError(this.#host);
      return;
    }
    this.busy.set(true);
    try {
      this.ref.close(await this.#client.transition(this.record, this.offer.transition, (pruned(this.value()) ?? {}) as JsonObject));
    } catch (error) {
      const own = isProblem(error) ? [...error.fields].filter(([pointer]) => this.fields.some(({ key }) => pointer.split('/')[1] === key)) : [];
      const others = isProblem(error) ? [...error.fields].filter(([pointer]) => !own.some(([mine]) => mine === pointer)) : [];
      this.#server.set(new Map(own.map(([pointer, message]) => [BASE + pointer, message])));
      this.refusal.set([this.#problems.message(error), ...others.map(([, message]) => message)]);
      focusFirstError(this.#host);
    } finally {
      this.busy.set(false);
    }
  }
}
