/** Sets a target: metric, period, holder, amount. Of an existing one only the amount changes. */
import { ChangeDetectionStrategy, Component, computed, inject, resource, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createObjectif } from '../../../api/fn/objectifs/create-objectif';
import { updateObjectif } from '../../../api/fn/objectifs/update-objectif';
import { listCommerciaux } from '../../../api/fn/opportunites/list-commerciaux';
import { Metric } from '../../../api/models/metric';
import { Objectif } from '../../../api/models/objectif';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { MoneyInput } from '../../../shared/forms/money-input';
import { NumberInput } from '../../../shared/forms/number-input';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Undo } from '../../../shared/forms/undo';
import { Format, TxtPipe } from '../../../shared/i18n/pipes';
import { ToastStore } from '../../../shared/ui/toast-store';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { scale } from '../util/figures';
import { periodLabel } from '../util/period';

export interface ObjectifQuestion {
  objectif: Objectif | null;
  period: string;
  metrics: Metric[];
}

@Component({
  imports: [
    DialogActions,
    ControlState,
    Field,
    MoneyInput,
    NumberInput,
    ReactiveFormsModule,
    Refusal,
    TranslocoPipe,
    TxtPipe,
  ],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="objective-title">
          {{ (question.objectif ? 'pilotage.editTitle' : 'pilotage.newObjective') | transloco }}
        </h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @let controls = form.controls;
        @if (!question.objectif) {
          <p class="muted">{{ period }}</p>
          <afpi-field [label]="'pilotage.metric' | transloco" for="o-metric" [control]="controls.metric">
            <select id="o-metric" class="input" formControlName="metric">
              @for (metric of metrics; track metric.id) {
                <option [value]="metric.id">{{ metric.label | txt }}</option>
              }
            </select>
          </afpi-field>
          <afpi-field [label]="'pilotage.owner' | transloco" for="o-owner" [control]="controls.owner">
            <select id="o-owner" class="input" formControlName="owner">
              <optgroup [label]="'pilotage.sites' | transloco">
                @for (site of sites.mine(); track site.id) {
                  <option [value]="'site:' + site.id">{{ site.name }}</option>
                }
              </optgroup>
              <optgroup [label]="'pilotage.people' | transloco">
                @for (person of people(); track person.id) {
                  <option [value]="'user:' + person.id">{{ person.name }}</option>
                }
              </optgroup>
            </select>
          </afpi-field>
        }
        <afpi-field [label]="'pilotage.target.' + unit() | transloco" for="o-target" [control]="controls.target">
          @if (unit() === 'money') {
            <input id="o-target" class="input" afpiMoney formControlName="target" />
          } @else {
            <input id="o-target" class="input" [afpiNumber]="unit() === 'count' ? 0 : 2" formControlName="target" />
          }
        </afpi-field>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close(false)"></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ObjectifDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  protected readonly sites = inject(Site);
  protected readonly question = inject<ObjectifQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<boolean>>(DialogRef);
  /** The target as last read; `null` for a new one. */
  readonly #objectif = signal(this.question.objectif);
  protected readonly metrics = this.question.metrics.filter(({ targetable }) => targetable);
  protected readonly period = periodLabel(this.question.period, inject(Format).tag);
  protected readonly form = inject(NonNullableFormBuilder).group({
    metric: [this.question.objectif?.metric ?? this.metrics[0]?.id ?? '', Validators.required],
    owner: [this.sites.mine()[0] ? `site:${this.sites.mine()[0]?.id}` : '', Validators.required],
    target: new FormControl<number | null>(this.#typed(this.question.objectif), [
      Validators.required,
      Validators.min(0),
    ]),
  });
  readonly #metric = toSignal(this.form.controls.metric.valueChanges, {
    initialValue: this.form.controls.metric.value,
  });
  protected readonly unit = computed(() => {
    const unit =
      this.question.metrics.find(({ id }) => id === this.#metric())?.unit ??
      this.question.objectif?.actual?.kind ??
      'count';
    return (
      (
        { money: 'money', percent: 'percent', ratio: 'percent', hours: 'hours', minutes: 'hours' } as Record<
          string,
          string
        >
      )[unit] ?? 'count'
    );
  });
  readonly #people = resource({
    loader: async () => (await this.#api.invoke(listCommerciaux, this.sites.filter())).data,
  });
  protected readonly people = computed(() => (this.#people.hasValue() ? this.#people.value() : []));

  protected readonly sending = sending<Objectif>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: () => this.#transloco.translate(`pilotage.target.${this.unit()}`),
  });

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { metric, owner, target: typed } = this.form.getRawValue();
      const target = Math.round((typed ?? 0) * scale(this.unit()));
      const [kind, id] = owner.split(':');
      const objectif = this.#objectif();
      if (objectif) {
        const saved = await this.#change(objectif, target);
        this.#undo.saved(() => this.#change(saved, objectif.target));
        this.ref.close(true);
        return;
      }
      await this.#api.invoke(createObjectif, {
        body: {
          metric,
          period: this.question.period,
          target,
          ...(kind === 'user' ? { userId: id } : { localisationId: id }),
        },
      });
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(true);
    });
  }

  #change({ id, version }: Objectif, target: number): Promise<Objectif> {
    return this.#api.invoke(updateObjectif, { id, 'If-Match': `"${version}"`, body: { target } });
  }

  #overtaken(now: Objectif): Rebased<unknown> {
    const after = rebased(
      { target: this.form.controls.target.value },
      { target: this.#typed(this.#objectif()) },
      { target: this.#typed(now) },
    );
    this.#objectif.set(now);
    this.form.patchValue(after.value);
    return after;
  }

  /** The stored target in the unit for typing. */
  #typed(objectif: Objectif | null): number | null {
    if (!objectif) return null;
    const unit =
      this.question.metrics.find(({ id }) => id === objectif.metric)?.unit ?? objectif.actual?.kind ?? 'count';
    return objectif.target / scale(unit);
  }
}
