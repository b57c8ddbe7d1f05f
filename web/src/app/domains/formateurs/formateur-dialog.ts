/** Creates or changes a trainer. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { createFormateur } from '../../api/fn/formateurs/create-formateur';
import { updateFormateur } from '../../api/fn/formateurs/update-formateur';
import { Formateur } from '../../api/models/formateur';
import { FormateurCreate } from '../../api/models/formateur-create';
import { Site } from '../../shared/auth/site';
import { focusFirstError } from '../../shared/forms/problem-form';
import { Problems, isProblem } from '../../shared/http/problem';
import { JsonObject, JsonSchema, fieldsOf, missing, pruned } from '../../shared/schema-form/schema';
import { SchemaForm } from '../../shared/schema-form/schema-form';
import { ToastStore } from '../../shared/ui/toast-store';
import { FORMATEUR_SCHEMA } from './data/formateur-schema';

@Component({
  imports: [SchemaForm, TranslocoPipe],
  template: `
    <form class="dialog dialog-wide" novalidate (submit)="save($event)">
      <header><h2 id="formateur-title">{{ (before ? 'formateurs.edit' : 'formateurs.create') | transloco }}</h2></header>
      <div class="body">
        @if (refusal()) { <p class="notice notice-bad" role="alert">{{ refusal() }}</p> }
        @if (!before && site.mine().length > 1) {
          <div class="field"><label for="f-site">{{ 'users.sites' | transloco }}</label><select id="f-site" class="input" (change)="localisationId.set($any($event.target).value)">@for (option of site.mine(); track option.id) { <option [value]="option.id" [selected]="option.id === localisationId()">{{ option.name }}</option> }</select></div>
        }
        <afpi-schema-form [schema]="schema" [value]="value()" (valueChange)="value.set($event)" [errors]="errors()" />
      </div>
      <footer><button type="button" class="btn" (click)="ref.close(null)">{{ 'common.cancel' | transloco }}</button><button type="submit" class="btn btn-primary" [disabled]="busy()">{{ 'common.save' | transloco }}</button></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FormateurDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly site = inject(Site);
  protected readonly before = inject<Formateur | null>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef<Formateur | null>>(DialogRef);
  protected readonly schema: JsonSchema = this.before ? FORMATEUR_SCHEMA : withoutActive(FORMATEUR_SCHEMA);
  readonly #fields = fieldsOf(this.schema);
  protected readonly value = signal<JsonObject>(this.before ? picked(this.before, this.#fields.map(({ key }) => key)) : { kind: 'permanent' });
  protected readonly localisationId = signal(this.site.current() ?? this.site.mine()[0]?.id ?? '');
  protected readonly busy = signal(false);
  protected readonly refusal = signal('');
  readonly #tried = signal(false);
  readonly #server = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly errors = computed<ReadonlyMap<string, string>>(() => {
    const required = this.#tried() ? missing(this.#fields, this.value()) : [];
    return new Map([...this.#server(), ...required.map((pointer) => [pointer, this.#transloco.translate('form.required')] as const)]);
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    this.#tried.set(true);
    this.#server.set(new Map());
    this.refusal.set('');
    if (this.errors().size) {
      focusFirstError(this.#host);
      return;
    }
    this.busy.set(true);
    try {
      const saved = await this.#send();
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close(saved);
    } catch (error) {
      if (isProblem(error)) this.#server.set(error.fields);
      this.refusal.set(this.#problems.message(error));
      focusFirstError(this.#host);
    } finally {
      this.busy.set(false);
    }
  }

  #send(): Promise<Formateur> {
    if (!this.before) {
      const body = { ...(pruned(this.value()) as object), ...(this.localisationId() ? { localisationId: this.localisationId() } : {}) } as FormateurCreate;
      return this.#api.invoke(createFormateur, { body });
    }
    // In a change, `null` clears: every field of the form is sent.
    const body = Object.fromEntries(this.#fields.map(({ key }) => [key, pruned(this.value()[key] ?? null) ?? null]));
    return this.#api.invoke(updateFormateur, { id: this.before.id, 'If-Match': `"${this.before.version}"`, body });
  }
}

function withoutActive(schema: JsonSchema): JsonSchema {
  const { active: _, ...properties } = schema['properties'] as Record<string, unknown>;
  return { ...schema, properties };
}

function picked(record: Formateur, keys: string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, (record as unknown as JsonObject)[key] ?? null]));
}
