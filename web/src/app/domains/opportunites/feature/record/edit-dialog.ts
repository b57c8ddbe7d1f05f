/** The shared fields of an opportunité (title, budget, type, owner …), which belong to no section. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { listCommerciaux } from '../../../../api/fn/opportunites/list-commerciaux';
import { Opportunite } from '../../../../api/models/opportunite';
import { OpportuniteKind } from '../../../../api/models/opportunite-kind';
import { OpportuniteUpdate } from '../../../../api/models/opportunite-update';
import { ControlState } from '../../../../shared/forms/control-state';
import { Field } from '../../../../shared/forms/field';
import { Rebased, rebased } from '../../../../shared/forms/lost-race';
import { MoneyInput } from '../../../../shared/forms/money-input';
import { Refusal } from '../../../../shared/forms/refusal';
import { sending } from '../../../../shared/forms/sending';
import { TxtPipe } from '../../../../shared/i18n/pipes';
import { DialogActions } from '../../../../shared/ui/dialog-actions';
import { KINDS } from '../../data/filters';
import { OpportuniteClient } from '../../data/opportunite-client';
import { FieldWords } from '../../public/field-words';

export interface EditQuestion {
  record: Opportunite;
  /** The record is closed: only its commercial can still change. */
  ended: boolean;
  /** Somebody else was faster: this is the present record. */
  overtaken: (now: Opportunite) => void;
}

/** The saved values, and the earlier ones. */
export interface Edited {
  record: Opportunite;
  former: OpportuniteUpdate;
}

@Component({
  imports: [DialogActions, ControlState, Field, MoneyInput, ReactiveFormsModule, Refusal, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="edit-title">{{ 'record.edit' | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @if (ended) {
          <p class="muted">{{ 'record.editEnded' | transloco }}</p>
        }
        @let controls = form.controls;
        <afpi-field [label]="'opportunites.field.title' | transloco" for="e-title" [control]="controls.title"
          ><input id="e-title" class="input" formControlName="title" maxlength="200"
        /></afpi-field>
        <div class="form-grid">
          <afpi-field [label]="'opportunites.field.budget' | transloco" for="e-budget" [control]="controls.budget"
            ><input id="e-budget" class="input" afpiMoney formControlName="budget"
          /></afpi-field>
          <afpi-field [label]="'opportunites.field.kind' | transloco" for="e-kind" [control]="controls.kind"
            ><select id="e-kind" class="input" formControlName="kind">
              @for (kind of kinds; track kind) {
                <option [value]="kind">{{ 'kind.' + kind | transloco }}</option>
              }
            </select></afpi-field
          >
          <afpi-field
            [label]="'opportunites.field.commercial' | transloco"
            for="e-rep"
            [control]="controls.commercialId"
          >
            <select id="e-rep" class="input" formControlName="commercialId">
              @for (rep of reps(); track rep.id) {
                <option [value]="rep.id">{{ rep.name }}</option>
              }
            </select>
          </afpi-field>
          <afpi-field [label]="'opportunites.field.origine' | transloco" for="e-origine" [control]="controls.origine"
            ><select id="e-origine" class="input" formControlName="origine">
              <option value="">{{ 'opportunites.unsaid' | transloco }}</option>
              @for (one of words.of('origine'); track one.word) {
                <option [value]="one.word">{{ one.label | txt }}</option>
              }
            </select></afpi-field
          >
          @if (lost) {
            <afpi-field
              [label]="'opportunites.field.lostReason' | transloco"
              for="e-lost-reason"
              [control]="controls.lostReason"
            >
              <select id="e-lost-reason" class="input" formControlName="lostReason">
                <option value="">{{ 'opportunites.unsaid' | transloco }}</option>
                @for (one of words.of('lostReason'); track one.word) {
                  <option [value]="one.word">{{ one.label | txt }}</option>
                }
              </select>
            </afpi-field>
            <afpi-field
              class="wide"
              [label]="'opportunites.field.lostRemark' | transloco"
              for="e-lost-remark"
              [control]="controls.lostRemark"
            >
              <textarea
                id="e-lost-remark"
                class="input"
                rows="3"
                formControlName="lostRemark"
                maxlength="2000"
              ></textarea>
            </afpi-field>
          }
        </div>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(null)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EditDialog {
  readonly #client = inject(OpportuniteClient);
  readonly #api = inject(Api);
  readonly #transloco = inject(TranslocoService);
  readonly #question = inject<EditQuestion>(DIALOG_DATA);
  /** As last read. */
  readonly #record = signal(this.#question.record);
  readonly #began = fieldsOf(this.#question.record);
  protected readonly ref = inject<DialogRef<Edited | null>>(DialogRef);
  protected readonly ended = this.#question.ended;
  protected readonly kinds = KINDS;
  protected readonly words = inject(FieldWords);
  /** Only of a lost one people say why. */
  protected readonly lost = this.#question.record.outcome === 'lost';
  protected readonly form = inject(NonNullableFormBuilder).group({
    title: [
      { value: this.#began.title, disabled: this.#question.ended },
      [Validators.required, Validators.maxLength(200)],
    ],
    budget: new FormControl<number | null>({ value: this.#began.budget, disabled: this.#question.ended }, [
      Validators.required,
      Validators.min(0),
    ]),
    kind: [{ value: this.#began.kind, disabled: this.#question.ended }],
    commercialId: [this.#began.commercialId],
    origine: [this.#began.origine],
    lostReason: [this.#began.lostReason],
    lostRemark: [this.#began.lostRemark, Validators.maxLength(2000)],
  });
  protected readonly sending = sending<Opportunite>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: (field) =>
      this.#transloco.translate(`opportunites.field.${field === 'commercialId' ? 'commercial' : field}`),
  });
  readonly #reps = resource({
    loader: async () =>
      (await this.#api.invoke(listCommerciaux, { localisationId: this.#question.record.localisation.id })).data,
  });
  /** The present owner stays in the list, also when working at another site. */
  protected readonly reps = computed(() => {
    const reps = this.#reps.hasValue() ? this.#reps.value() : [];
    const owner = this.#record().commercial;
    return reps.some(({ id }) => id === owner.id) ? reps : [owner, ...reps];
  });

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const [seen, changes] = [this.#record(), this.#changes()];
      const before = Object.entries(fieldsOf(seen)).filter(([key]) => key in changes);
      this.ref.close({ record: await this.#client.update(seen, changes), former: sent(before) });
    });
  }

  /** Only changed fields, so that two people who edit different fields do not overwrite each other. */
  #changes(): OpportuniteUpdate {
    const before = new Map<string, unknown>(Object.entries(fieldsOf(this.#record())));
    return sent(Object.entries(this.form.getRawValue()).filter(([key, value]) => value !== before.get(key)));
  }

  #overtaken(now: Opportunite): Rebased<unknown> {
    const after = rebased(this.form.getRawValue(), fieldsOf(this.#record()), fieldsOf(now));
    this.#record.set(now);
    this.#question.overtaken(now);
    this.form.patchValue(after.value);
    return after;
  }
}

interface Fields {
  title: string;
  budget: number | null;
  kind: OpportuniteKind;
  commercialId: string;
  /** These three are empty when nobody has said them. */
  origine: string;
  lostReason: string;
  lostRemark: string;
}

function fieldsOf({ title, budget, kind, commercial, ...said }: Opportunite): Fields {
  const { origine, lostReason, lostRemark } = said;
  const told = { origine: origine ?? '', lostReason: lostReason ?? '', lostRemark: lostRemark ?? '' };
  return { title, budget, kind, commercialId: commercial.id, ...told };
}

/** What was emptied is sent as `null`. */
function sent(fields: [string, unknown][]): OpportuniteUpdate {
  return Object.fromEntries(fields.map(([key, value]) => [key, value === '' ? null : value]));
}
