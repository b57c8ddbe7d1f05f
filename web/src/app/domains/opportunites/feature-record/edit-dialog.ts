/** The shared fields of an opportunité (title, budget, type, owner …), those no section owns. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listCommerciaux } from '../../../api/fn/users/list-commerciaux';
import { Opportunite } from '../../../api/models/opportunite';
import { OpportuniteUpdate } from '../../../api/models/opportunite-update';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { MoneyInput } from '../../../shared/forms/money-input';
import { applyProblem, focusFirstError } from '../../../shared/forms/problem-form';
import { Problems } from '../../../shared/http/problem';
import { KINDS } from '../data/filters';
import { OpportuniteClient } from '../data/opportunite-client';

@Component({
  imports: [ControlState, DateInput, Field, MoneyInput, ReactiveFormsModule, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header><h2 id="edit-title">{{ 'record.edit' | transloco }}</h2></header>
      <div class="body">
        @if (refusal()) { <p class="notice notice-bad" role="alert">{{ refusal() }}</p> }
        @let controls = form.controls;
        <afpi-field [label]="'opportunites.field.title' | transloco" for="e-title" [control]="controls.title"><input id="e-title" class="input" formControlName="title" maxlength="200" /></afpi-field>
        <div class="form-grid">
          <afpi-field [label]="'opportunites.field.budget' | transloco" for="e-budget" [control]="controls.budget"><input id="e-budget" class="input" afpiMoney formControlName="budget" /></afpi-field>
          <afpi-field [label]="'opportunites.field.kind' | transloco" for="e-kind" [control]="controls.kind"><select id="e-kind" class="input" formControlName="kind">@for (kind of kinds; track kind) { <option [value]="kind">{{ 'kind.' + kind | transloco }}</option> }</select></afpi-field>
          <afpi-field [label]="'opportunites.field.participants' | transloco" for="e-participants" [control]="controls.participants"><input id="e-participants" class="input" type="number" min="1" formControlName="participants" /></afpi-field>
          <afpi-field [label]="'opportunites.field.wishedStart' | transloco" for="e-start" [control]="controls.wishedStart"><afpi-date-input inputId="e-start" formControlName="wishedStart" /></afpi-field>
          <afpi-field [label]="'opportunites.field.commercial' | transloco" for="e-rep" [control]="controls.commercialId">
            <select id="e-rep" class="input" formControlName="commercialId">@for (rep of reps(); track rep.id) { <option [value]="rep.id">{{ rep.name }}</option> }</select>
          </afpi-field>
        </div>
      </div>
      <footer><button type="button" class="btn" (click)="ref.close(null)">{{ 'common.cancel' | transloco }}</button><button type="submit" class="btn btn-primary" [disabled]="busy()">{{ 'common.save' | transloco }}</button></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EditDialog {
  readonly #client = inject(OpportuniteClient);
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #record = inject<Opportunite>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Opportunite | null>>(DialogRef);
  protected readonly kinds = KINDS;
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  protected readonly form = inject(NonNullableFormBuilder).group({
    title: [this.#record.title, [Validators.required, Validators.maxLength(200)]],
    budget: new FormControl<number | null>(this.#record.budget, [Validators.required, Validators.min(0)]),
    kind: [this.#record.kind],
    participants: new FormControl<number | null>(this.#record.participants ?? null, [Validators.min(1), Validators.max(10_000)]),
    wishedStart: new FormControl<string | null>(this.#record.wishedStart ?? null),
    commercialId: [this.#record.commercial.id],
  });
  readonly #reps = resource({ loader: async () => (await this.#api.invoke(listCommerciaux, { localisationId: this.#record.localisation.id })).data });
  /** The owner of now stays in the list even where he works on another site. */
  protected readonly reps = computed(() => {
    const reps = this.#reps.hasValue() ? this.#reps.value() : [];
    return reps.some(({ id }) => id === this.#record.commercial.id) ? reps : [this.#record.commercial, ...reps];
  });

  protected async save(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid) {
      focusFirstError(this.#host);
      return;
    }
    this.busy.set(true);
    try {
      this.ref.close(await this.#client.update(this.#record, this.#changes()));
    } catch (error) {
      const orphans = applyProblem(this.form, error);
      this.refusal.set(orphans === null ? this.#problems.message(error) : orphans.join(' '));
      focusFirstError(this.#host);
    } finally {
      this.busy.set(false);
    }
  }

  /** Only what differs, so that two people editing different fields do not undo each other. */
  #changes(): OpportuniteUpdate {
    const value = this.form.getRawValue();
    const changes: Record<string, unknown> = {};
    for (const key of Object.keys(value) as (keyof typeof value)[]) {
      const before = key === 'commercialId' ? this.#record.commercial.id : (this.#record[key] ?? null);
      if (value[key] !== before) changes[key] = value[key];
    }
    return changes;
  }
}
