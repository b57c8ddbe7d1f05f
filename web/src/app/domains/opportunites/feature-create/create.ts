/** A new opportunité: company (searched), title, budget, and what is known already. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { createOpportunite } from '../../../api/fn/opportunites/create-opportunite';
import { listCommerciaux } from '../../../api/fn/users/list-commerciaux';
import { OpportuniteKind } from '../../../api/models/opportunite-kind';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { DateInput } from '../../../shared/forms/date-input';
import { Field } from '../../../shared/forms/field';
import { MoneyInput } from '../../../shared/forms/money-input';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Problems } from '../../../shared/http/problem';
import { ToastStore } from '../../../shared/ui/toast-store';
import { KINDS } from '../data/filters';
import { EntreprisePicker, PickedEntreprise } from './entreprise-picker';

@Component({
  imports: [ControlState, DateInput, EntreprisePicker, Field, MoneyInput, ReactiveFormsModule, Refusal, RouterLink, TranslocoPipe],
  templateUrl: './create.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CreateOpportunite {
  /** Query parameter: the company it is for, when one comes from its page. */
  readonly entreprise = input<string>();

  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #session = inject(Session);
  protected readonly site = inject(Site);
  protected readonly kinds = KINDS;

  protected readonly form = inject(NonNullableFormBuilder).group({
    entrepriseId: new FormControl<PickedEntreprise | null>(null, Validators.required),
    title: ['', [Validators.required, Validators.maxLength(200)]],
    budget: new FormControl<number | null>(null, [Validators.required, Validators.min(0)]),
    kind: new FormControl<OpportuniteKind>('intra-entreprise', { nonNullable: true }),
    localisationId: [this.site.current() ?? ''],
    commercialId: [''],
    participants: new FormControl<number | null>(null, [Validators.min(1), Validators.max(10_000)]),
    wishedStart: new FormControl<string | null>(null),
  });
  protected readonly sending = sending(this.form);

  readonly #localisation = toSignal(this.form.controls.localisationId.valueChanges, { initialValue: this.form.controls.localisationId.value });
  /** Only those who sell for several people choose the rep; a rep creates his own. */
  protected readonly choosesRep = computed(() => this.#session.me()?.role !== 'commercial');
  readonly #reps = resource({
    params: () => (this.choosesRep() ? { localisationId: this.#localisation() } : undefined),
    loader: async ({ params }) => (await this.#api.invoke(listCommerciaux, params.localisationId ? { localisationId: params.localisationId } : {})).data,
  });
  protected readonly reps = computed(() => (this.#reps.hasValue() ? this.#reps.value() : []));

  constructor() {
    effect(() => {
      const id = this.entreprise();
      if (id) void this.#take(id);
    });
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { entrepriseId: entreprise, title, budget, kind, localisationId, commercialId, participants, wishedStart } = this.form.getRawValue();
      if (!entreprise || budget === null) return;
      const { opportunite } = await this.#api.invoke(createOpportunite, {
        body: {
          entrepriseId: entreprise.id, title: title.trim(), budget, kind,
          ...(localisationId ? { localisationId } : {}), ...(commercialId ? { commercialId } : {}),
          ...(participants !== null ? { participants } : {}), ...(wishedStart ? { wishedStart } : {}),
        },
      });
      this.#toasts.done(this.#transloco.translate('opportunites.created', { numero: opportunite.numero }));
      await this.#router.navigate(['/opportunites', opportunite.id]);
    });
  }

  async #take(id: string): Promise<void> {
    try {
      const { name, siret, address } = await this.#api.invoke(getEntreprise, { id });
      this.form.controls.entrepriseId.setValue({ id, name, detail: [siret, address.city].filter(Boolean).join(' · ') });
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
