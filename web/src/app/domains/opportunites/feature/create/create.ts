/** A new opportunité: company (with search), title, budget, and first details. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  resource,
  signal,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../../api/api';
import { getEntreprise } from '../../../../api/fn/entreprises/get-entreprise';
import { createOpportunite } from '../../../../api/fn/opportunites/create-opportunite';
import { listCommerciaux } from '../../../../api/fn/opportunites/list-commerciaux';
import { OpportuniteKind } from '../../../../api/models/opportunite-kind';
import { OpportuniteOrigine } from '../../../../api/models/opportunite-origine';
import { Session } from '../../../../shared/auth/session';
import { Site } from '../../../../shared/auth/site';
import { ControlState } from '../../../../shared/forms/control-state';
import { Field } from '../../../../shared/forms/field';
import { MoneyInput } from '../../../../shared/forms/money-input';
import { applyProblem } from '../../../../shared/forms/problem-form';
import { Refusal } from '../../../../shared/forms/refusal';
import { sendingOf } from '../../../../shared/forms/sending';
import { HasUnsaved } from '../../../../shared/forms/unsaved';
import { TxtPipe } from '../../../../shared/i18n/pipes';
import { Problems, isProblem } from '../../../../shared/http/problem';
import { JsonObject, askedFirst, fieldsOf, only, pruned } from '../../../../shared/schema-form/schema';
import { SchemaForm } from '../../../../shared/schema-form/schema-form';
import { ToastStore } from '../../../../shared/ui/toast-store';
import { KINDS } from '../../data/filters';
import { WorkflowStore } from '../../data/workflow-store';
import { FieldWords } from '../../public/field-words';
import { EntreprisePicker, PickedEntreprise } from '../../../entreprises/public/entreprise-picker';

@Component({
  imports: [
    ControlState,
    EntreprisePicker,
    Field,
    MoneyInput,
    ReactiveFormsModule,
    Refusal,
    RouterLink,
    SchemaForm,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './create.html',
  host: { '(window:beforeunload)': 'leave($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CreateOpportunite implements HasUnsaved {
  /** Query parameter: the company, when the user comes from its page. */
  readonly entreprise = input<string>();

  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #session = inject(Session);
  protected readonly site = inject(Site);
  protected readonly kinds = KINDS;
  protected readonly words = inject(FieldWords);

  protected readonly form = inject(NonNullableFormBuilder).group({
    entrepriseId: new FormControl<PickedEntreprise | null>(null, Validators.required),
    title: ['', [Validators.required, Validators.maxLength(200)]],
    budget: new FormControl<number | null>(null, [Validators.required, Validators.min(0)]),
    kind: new FormControl<OpportuniteKind>('intra-entreprise', { nonNullable: true }),
    origine: new FormControl<OpportuniteOrigine | ''>('', { nonNullable: true }),
    localisationId: [this.site.current() ?? ''],
    commercialId: [''],
  });
  /** The fields that the workflow wants at once: those marked in its first section. */
  readonly #workflows = inject(WorkflowStore);
  readonly #workflow = resource({
    params: () => ({ site: this.#localisation() || this.site.current() }),
    loader: ({ params }) => this.#workflows.at(params.site ?? null),
  });
  protected readonly first = computed(() => {
    const section = this.#workflow.hasValue() ? this.#workflow.value().definition.sections[0] : undefined;
    const form = section && askedFirst(section.form);
    return form ? { section: section.id, base: `/data/${section.id}`, form } : null;
  });
  protected readonly document = signal<JsonObject>({});
  protected readonly errors = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly sending = sendingOf({
    check: () => {
      this.errors.set(new Map());
      this.form.markAllAsTouched();
      return this.form.valid;
    },
    place: (error, message) => {
      const asked = this.first();
      const own = (pointer: string): boolean =>
        !!asked && fieldsOf(asked.form).some(({ key }) => pointer === `${asked.base}/${key}`);
      if (isProblem(error)) this.errors.set(new Map([...error.fields].filter(([pointer]) => own(pointer))));
      return applyProblem(this.form, error, own) ?? [message];
    },
    changed: () => this.unsaved(),
  });

  readonly #localisation = toSignal(this.form.controls.localisationId.valueChanges, {
    initialValue: this.form.controls.localisationId.value,
  });
  /** Only users who sell for several people choose the commercial. A commercial creates own ones. */
  protected readonly choosesRep = computed(() => this.#session.me()?.reach !== 'own');
  readonly #reps = resource({
    params: () => (this.choosesRep() ? { localisationId: this.#localisation() } : undefined),
    loader: async ({ params }) =>
      (await this.#api.invoke(listCommerciaux, params.localisationId ? { localisationId: params.localisationId } : {}))
        .data,
  });
  protected readonly reps = computed(() => (this.#reps.hasValue() ? this.#reps.value() : []));

  #done = false;

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => {
      host.querySelector<HTMLElement>(this.entreprise() ? '#title' : '#entreprise')?.focus();
    });
    effect(() => {
      const id = this.entreprise();
      if (id) void this.#take(id);
    });
  }

  unsaved(): boolean {
    return !this.#done && (this.form.dirty || Object.keys(this.document()).length > 0);
  }
  protected leave(event: BeforeUnloadEvent): void {
    if (this.unsaved()) event.preventDefault();
  }

  protected save(): Promise<void> {
    return this.sending.run(async () => {
      const { entrepriseId: entreprise, title, budget, kind, origine, ...rest } = this.form.getRawValue();
      if (!entreprise || budget === null) return;
      const asked = this.first();
      const document = pruned(asked ? only(fieldsOf(asked.form), this.document()) : {}) as JsonObject;
      const { opportunite } = await this.#api.invoke(createOpportunite, {
        body: {
          entrepriseId: entreprise.id,
          title: title.trim(),
          budget,
          kind,
          ...(origine ? { origine } : {}),
          ...Object.fromEntries(Object.entries(rest).filter(([, id]) => id)),
          ...(asked && Object.keys(document).length ? { data: { [asked.section]: document } } : {}),
        },
      });
      this.#done = true;
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
