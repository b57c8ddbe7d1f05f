/** Creates or changes a company. A SIRET that exists already leads to the company that has it. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, effect, inject, input, resource, signal, untracked } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { createEntreprise } from '../../api/fn/entreprises/create-entreprise';
import { getEntreprise } from '../../api/fn/entreprises/get-entreprise';
import { updateEntreprise } from '../../api/fn/entreprises/update-entreprise';
import { Entreprise } from '../../api/models/entreprise';
import { EntrepriseCreate } from '../../api/models/entreprise-create';
import { Site } from '../../shared/auth/site';
import { ControlState } from '../../shared/forms/control-state';
import { Field } from '../../shared/forms/field';
import { applyProblem, focusFirstError } from '../../shared/forms/problem-form';
import { digits, isSiret, vatOf } from '../../shared/forms/siret';
import { HasUnsaved } from '../../shared/forms/unsaved';
import { Problems, isProblem } from '../../shared/http/problem';
import { Icon } from '../../shared/ui/icon';
import { Failed, Loading } from '../../shared/ui/states';
import { ToastStore } from '../../shared/ui/toast-store';
import { body, changes, chooseMain, contactForm, entrepriseForm, fill } from './data/entreprise-form';
import { KINDS } from './data/kinds';

@Component({
  imports: [ControlState, Failed, Field, Icon, Loading, ReactiveFormsModule, RouterLink, TranslocoPipe],
  templateUrl: './entreprise-edit.html',
  styles: `.contact { padding: 14px; border: 1px solid var(--border); border-radius: var(--radius); background: var(--surface-2); }`,
  host: { '(window:beforeunload)': 'leave($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EntrepriseEdit implements HasUnsaved {
  /** Absent when a company is created. */
  readonly id = input<string>();

  readonly #api = inject(Api);
  readonly #fb = inject(NonNullableFormBuilder);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly site = inject(Site);
  protected readonly kinds = KINDS;
  protected readonly form = entrepriseForm(this.#fb);
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  protected readonly existing = signal<{ id: string; name: string } | null>(null);
  /** The record changed under our hands; the next save would overwrite it knowingly. */
  protected readonly stale = signal(false);

  protected readonly record = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getEntreprise, { id: params }),
  });
  readonly #version = signal(0);
  #before: EntrepriseCreate = body(this.form);
  protected readonly ready = computed(() => !this.id() || this.record.hasValue());

  constructor() {
    effect(() => {
      const record = this.record.hasValue() ? this.record.value() : undefined;
      if (record) untracked(() => { this.#start(record); });
    });
  }

  unsaved(): boolean {
    return this.form.dirty && !this.busy();
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
  /** A good SIRET gives the VAT number away; what somebody typed stays. */
  protected deriveVat(): void {
    const siret = digits(this.form.controls.siret.value);
    const vat = this.form.controls.vatNumber;
    if (isSiret(siret) && !vat.value) vat.setValue(vatOf(siret.slice(0, 9)));
  }

  protected async save(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid) {
      focusFirstError(this.#host);
      return;
    }
    this.busy.set(true);
    this.refusal.set('');
    this.existing.set(null);
    try {
      const saved = await this.#send();
      this.form.markAsPristine();
      this.#toasts.done(this.#transloco.translate(this.id() ? 'common.saved' : 'entreprises.created', { name: saved.name }));
      await this.#router.navigate(['/entreprises', saved.id]);
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.busy.set(false);
    }
  }

  #send(): Promise<Entreprise> {
    const id = this.id();
    if (!id) return this.#api.invoke(createEntreprise, { body: body(this.form) });
    return this.#api.invoke(updateEntreprise, { id, 'If-Match': `"${this.#version()}"`, body: changes(this.form, this.#before) });
  }

  async #refused(error: unknown): Promise<void> {
    const id = this.id();
    if (isProblem(error, 'stale') && id) {
      // Keep what was typed; a further save goes on top of the present version, knowingly.
      const current = await this.#api.invoke(getEntreprise, { id });
      this.#version.set(current.version);
      this.stale.set(true);
      return;
    }
    if (isProblem(error, 'duplicate')) this.existing.set(error.problem.existing ?? null);
    const orphans = applyProblem(this.form, error);
    this.refusal.set(orphans === null || this.existing() ? this.#problems.message(error) : orphans.join(' '));
    focusFirstError(this.#host);
  }

  #start(record: Entreprise): void {
    fill(this.form, this.#fb, record);
    this.form.markAsPristine();
    this.#version.set(record.version);
    this.#before = body(this.form);
  }
}
