/** Creates or changes a company. An existing SIRET leads to the company that has it. */
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
  untracked,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createEntreprise } from '../../../api/fn/entreprises/create-entreprise';
import { getEntreprise } from '../../../api/fn/entreprises/get-entreprise';
import { updateEntreprise } from '../../../api/fn/entreprises/update-entreprise';
import { Entreprise } from '../../../api/models/entreprise';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { NumberInput } from '../../../shared/forms/number-input';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { Undo } from '../../../shared/forms/undo';
import { HasUnsaved } from '../../../shared/forms/unsaved';
import { countries } from '../../../shared/i18n/countries';
import { Language } from '../../../shared/i18n/language';
import { isProblem } from '../../../shared/http/problem';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import {
  EntrepriseValues,
  body,
  changes,
  chooseMain,
  contactForm,
  entrepriseForm,
  fill,
  valuesOf,
} from '../data/entreprise-form';
import { Alike } from '../public/alike';
import { AnnuaireSearch } from '../public/annuaire-search';
import { KINDS } from '../util/kinds';

@Component({
  imports: [
    Alike,
    AnnuaireSearch,
    ControlState,
    Failed,
    Field,
    Icon,
    Loading,
    NumberInput,
    ReactiveFormsModule,
    Refusal,
    RouterLink,
    TranslocoPipe,
  ],
  templateUrl: './entreprise-edit.html',
  styles: `
    .contact {
      padding: 14px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface-2);
    }
  `,
  host: { '(window:beforeunload)': 'leave($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntrepriseEdit implements HasUnsaved {
  /** Absent when a company is created. */
  readonly id = input<string>();

  readonly #api = inject(Api);
  readonly #fb = inject(NonNullableFormBuilder);
  readonly #router = inject(Router);
  readonly #toasts = inject(ToastStore);
  readonly #undo = inject(Undo);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  protected readonly kinds = KINDS;
  readonly #language = inject(Language);
  protected readonly countries = computed(() => countries(this.#language.tag()));
  protected readonly form = entrepriseForm(this.#fb);
  protected readonly sending = sending<Entreprise>(this.form, {
    overtaken: (now) => this.#overtaken(now),
    label: (field) =>
      this.#transloco.translate(field === 'contacts' ? 'entreprises.contacts' : `entreprises.field.${field}`),
  });
  protected readonly existing = signal<{ id: string; name: string } | null>(null);

  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });
  /** A country from before codes were used: shown until somebody chooses one. */
  protected readonly unlisted = computed(() => {
    const country = this.record.hasValue() ? this.record.value().address.country : '';
    return country && !this.countries().some(({ code }) => code === country) ? country : null;
  });
  #version = 0;
  /** The form's initial values. */
  #before: EntrepriseValues = this.form.getRawValue();
  protected readonly ready = computed(() => !this.id() || this.record.hasValue());

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    afterNextRender(() => {
      host.querySelector<HTMLElement>('#name')?.focus();
    });
    effect(() => {
      const record = this.record.hasValue() ? this.record.value() : undefined;
      if (record)
        untracked(() => {
          this.#start(record);
        });
    });
  }

  unsaved(): boolean {
    return this.form.dirty && !this.sending.busy();
  }
  protected leave(event: BeforeUnloadEvent): void {
    if (this.unsaved()) event.preventDefault();
  }
  protected addContact(): void {
    const contact = contactForm(this.#fb);
    contact.controls.main.setValue(this.form.controls.contacts.length === 0);
    this.form.controls.contacts.push(contact);
    this.form.markAsDirty();
  }
  protected removeContact(index: number): void {
    this.form.controls.contacts.removeAt(index);
    this.form.markAsDirty();
  }
  protected main(index: number): void {
    chooseMain(this.form.controls.contacts, index);
  }

  protected save(): Promise<void> {
    this.existing.set(null);
    return this.sending.run(async () => {
      const [before, values] = [this.#before, this.form.getRawValue()];
      const saved = await this.#send(values);
      this.form.markAsPristine();
      const former = changes(before, values);
      // A deleted contact would come back under another id.
      const back = !former.contacts?.some(({ id }) => id && !saved.contacts.some((contact) => contact.id === id));
      if (!this.id()) this.#toasts.done(this.#transloco.translate('entreprises.created', { name: saved.name }));
      else if (back)
        this.#undo.saved(() =>
          this.#api.invoke(updateEntreprise, { id: saved.id, 'If-Match': `"${saved.version}"`, body: former }),
        );
      else this.#toasts.done(this.#transloco.translate('common.saved'));
      await this.#router.navigate(['/entreprises', saved.id]);
    });
  }

  async #send(values: EntrepriseValues): Promise<Entreprise> {
    const id = this.id();
    try {
      if (!id) return await this.#api.invoke(createEntreprise, { body: body(values) });
      return await this.#api.invoke(updateEntreprise, {
        id,
        'If-Match': `"${this.#version}"`,
        body: changes(values, this.#before),
      });
    } catch (error) {
      if (isProblem(error, 'duplicate')) this.existing.set(error.problem.existing ?? null);
      throw error;
    }
  }

  #overtaken(now: Entreprise): Rebased<EntrepriseValues> {
    const values = valuesOf(this.#fb, now);
    const after = rebased(this.form.getRawValue(), this.#before, values);
    this.#version = now.version;
    this.#before = values;
    fill(this.form, this.#fb, after.value);
    return after;
  }

  #start(record: Entreprise): void {
    this.#before = valuesOf(this.#fb, record);
    this.#version = record.version;
    fill(this.form, this.#fb, this.#before);
    this.form.markAsPristine();
  }
}
