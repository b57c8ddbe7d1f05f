/** When one is absent, and who stands in meanwhile. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, resource } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { endAbsence } from '../../../api/fn/auth/end-absence';
import { getAbsence } from '../../../api/fn/auth/get-absence';
import { putAbsence } from '../../../api/fn/auth/put-absence';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { reactive, senderOf } from '../../../shared/forms/sender';
import { Problems } from '../../../shared/http/problem';
import { today } from '../../../shared/i18n/format';
import { DayPipe } from '../../../shared/i18n/pipes';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

@Component({
  selector: 'afpi-absence',
  imports: [ControlState, DayPipe, Failed, Field, Loading, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <section class="card" aria-labelledby="absence-title">
      <header class="card-head">
        <h2 id="absence-title">{{ 'absence.title' | transloco }}</h2>
        @if (absence()) {
          <button type="button" class="btn btn-s" [disabled]="sending.busy()" (click)="end()">
            {{ 'absence.end' | transloco }}
          </button>
        }
      </header>
      <div class="card-body stack">
        <p class="muted">{{ 'absence.text' | transloco }}</p>
        @if (standing.error(); as error) {
          <afpi-failed [error]="error" (retry)="standing.reload()" />
        } @else if (!standing.hasValue()) {
          <afpi-loading [rows]="2" />
        } @else {
          @for (person of standing.value().standsInFor; track person.id) {
            <p>{{ 'absence.standsInFor' | transloco: { name: person.name, day: (person.until | day) } }}</p>
          }
          <afpi-refusal [said]="sending.refusal()" />
          <form class="row" [formGroup]="form" (ngSubmit)="save()">
            <afpi-field [label]="'absence.from' | transloco" for="absence-from" [control]="form.controls.from"
              ><input id="absence-from" type="date" class="input" formControlName="from"
            /></afpi-field>
            <afpi-field [label]="'absence.until' | transloco" for="absence-until" [control]="form.controls.until"
              ><input
                id="absence-until"
                type="date"
                class="input"
                formControlName="until"
                [min]="form.value.from ?? ''"
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
            <button type="submit" class="btn" [disabled]="sending.busy() || form.pristine">
              {{ 'common.save' | transloco }}
            </button>
          </form>
        }
      </div>
    </section>
  `,
  styles: `
    form {
      align-items: flex-end;
      gap: 12px;
    }
    [type='date'] {
      width: 160px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Absence {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly standing = resource({ loader: () => this.#api.invoke(getAbsence) });
  protected readonly absence = computed(() => (this.standing.hasValue() ? this.standing.value().absence : null));
  protected readonly form = inject(NonNullableFormBuilder).group({
    from: [today(), Validators.required],
    until: ['', Validators.required],
    deputyId: [''],
  });
  protected readonly sending = senderOf(reactive(this.form));

  constructor() {
    effect(() => {
      const { from = today(), until = '', deputy } = this.absence() ?? {};
      this.form.reset({ from, until, deputyId: deputy?.id ?? '' });
    });
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { from, until, deputyId } = this.form.getRawValue();
      this.standing.set(await this.#api.invoke(putAbsence, { body: { from, until, deputyId: deputyId || null } }));
      this.#toasts.done(this.#transloco.translate('common.saved'));
    });
  }
  protected async end(): Promise<void> {
    const before = this.absence();
    try {
      await this.#api.invoke(endAbsence);
      this.standing.reload();
      this.#toasts.undoable(this.#transloco.translate('absence.ended'), async () => {
        if (!before) return;
        const body = { from: before.from, until: before.until, deputyId: before.deputy?.id ?? null };
        this.standing.set(await this.#api.invoke(putAbsence, { body }));
      });
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
