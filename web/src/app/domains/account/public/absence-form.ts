/** When somebody is absent, and who stands in meanwhile: oneself, or a person one looks after. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, output, resource } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { endAbsence } from '../../../api/fn/auth/end-absence';
import { getAbsence } from '../../../api/fn/auth/get-absence';
import { putAbsence } from '../../../api/fn/auth/put-absence';
import { endUserAbsence } from '../../../api/fn/users/end-user-absence';
import { getUserAbsence } from '../../../api/fn/users/get-user-absence';
import { putUserAbsence } from '../../../api/fn/users/put-user-absence';
import { AbsencePut } from '../../../api/models/absence-put';
import { AbsenceStanding } from '../../../api/models/absence-standing';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { Problems } from '../../../shared/http/problem';
import { today } from '../../../shared/i18n/format';
import { DayPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

export interface AbsentUser {
  id: string;
  name: string;
}

/** The button that sends it has `form="absence-form"`, or is projected at the end of the row. */
@Component({
  selector: 'afpi-absence-form',
  imports: [ControlState, DayPipe, Failed, Field, Loading, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    @let other = of();
    <p class="muted">
      {{ other ? ('absence.other.text' | transloco: { name: other.name }) : ('absence.text' | transloco) }}
    </p>
    @if (standing.error(); as error) {
      <afpi-failed [error]="error" (retry)="standing.reload()" />
    } @else if (!standing.hasValue()) {
      <afpi-loading [rows]="2" />
    } @else {
      @for (person of standing.value().standsInFor; track person.id) {
        @let said = { name: person.name, day: (person.until | day), deputy: other?.name };
        <p>{{ (other ? 'absence.other.standsInFor' : 'absence.standsInFor') | transloco: said }}</p>
      }
      <afpi-refusal [said]="sending.refusal()" />
      <form id="absence-form" class="row" [formGroup]="form" (ngSubmit)="save()">
        <afpi-field [label]="'absence.from' | transloco" for="absence-from" [control]="form.controls.from"
          ><input id="absence-from" type="date" class="input" formControlName="from"
        /></afpi-field>
        <afpi-field [label]="'absence.until' | transloco" for="absence-until" [control]="form.controls.until"
          ><input id="absence-until" type="date" class="input" formControlName="until" [min]="form.value.from ?? ''"
        /></afpi-field>
        <afpi-field
          class="grow"
          [label]="'absence.deputy' | transloco"
          for="absence-deputy"
          [control]="form.controls.deputyId"
          ><select id="absence-deputy" class="input" formControlName="deputyId">
            <option value="">{{ 'absence.nobody' | transloco }}</option>
            @for (person of standing.value().deputies; track person.id) {
              <option [value]="person.id">{{ person.name }}</option>
            }
          </select></afpi-field
        >
        <ng-content />
      </form>
    }
  `,
  styles: `
    form {
      align-items: flex-end;
      gap: 12px;
    }
    .grow {
      flex-basis: 180px;
    }
    [type='date'] {
      width: 150px;
    }
  `,
  host: { class: 'stack' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AbsenceForm {
  /** Whose absence; oneself when nothing is given. */
  readonly of = input<AbsentUser | null>(null);
  /** The absence was set, or ended. */
  readonly changed = output();
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly standing = resource({
    params: () => ({ other: this.of() }),
    loader: ({ params: { other } }) =>
      other ? this.#api.invoke(getUserAbsence, { id: other.id }) : this.#api.invoke(getAbsence),
  });
  readonly absence = computed(() => (this.standing.hasValue() ? this.standing.value().absence : null));
  readonly form = inject(NonNullableFormBuilder).group({
    from: [today(), Validators.required],
    until: ['', Validators.required],
    deputyId: [''],
  });
  readonly sending = senderOf(reactive(this.form));

  constructor() {
    effect(() => {
      const { from = today(), until = '', deputy } = this.absence() ?? {};
      this.form.reset({ from, until, deputyId: deputy?.id ?? '' });
    });
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { from, until, deputyId } = this.form.getRawValue();
      this.standing.set(await this.#put({ from, until, deputyId: deputyId || null }));
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.changed.emit();
    });
  }

  async end(): Promise<void> {
    const before = this.absence();
    const other = this.of();
    try {
      await (other ? this.#api.invoke(endUserAbsence, { id: other.id }) : this.#api.invoke(endAbsence));
      this.standing.reload();
      this.#toasts.undoable(this.#transloco.translate('absence.ended'), async () => {
        if (!before) return;
        const body = { from: before.from, until: before.until, deputyId: before.deputy?.id ?? null };
        this.standing.set(await this.#put(body));
      });
      this.changed.emit();
    } catch (error) {
      this.#problems.report(error);
    }
  }

  #put(body: AbsencePut): Promise<AbsenceStanding> {
    const other = this.of();
    return other ? this.#api.invoke(putUserAbsence, { id: other.id, body }) : this.#api.invoke(putAbsence, { body });
  }
}
