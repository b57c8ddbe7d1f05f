/** A plugin's settings on one site, by the form it declares; its own checks answer at the fields. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getPluginConfig } from '../../../api/fn/plugins/get-plugin-config';
import { putPluginConfig } from '../../../api/fn/plugins/put-plugin-config';
import { LocalisationRef } from '../../../api/models/localisation-ref';
import { PluginDetail } from '../../../api/models/plugin-detail';
import { focusFirstError } from '../../../shared/forms/problem-form';
import { Problems, isProblem } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { JsonObject, fieldsOf, missing, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { SecretChanges, SecretFields } from '../../../shared/schema-form/secret-fields';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

export interface ConfigQuestion {
  plugin: PluginDetail;
  site: LocalisationRef;
}

@Component({
  imports: [Failed, Loading, SchemaForm, SecretFields, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog dialog-wide" novalidate (submit)="save($event)">
      <header><h2 id="config-title">{{ question.plugin.name | txt }} · {{ question.site.name }}</h2></header>
      <div class="body">
        @if (config.error(); as error) { <afpi-failed [error]="error" (retry)="config.reload()" /> }
        @else if (!config.hasValue()) { <afpi-loading [rows]="5" /> }
        @else {
          @if (refusal()) { <p class="notice notice-bad" role="alert">{{ refusal() }}</p> }
          <afpi-schema-form [schema]="question.plugin.configSchema" [value]="value()" (valueChange)="value.set($event)" [errors]="errors()" />
          <afpi-secret-fields [slots]="config.value().secrets" [changes]="secrets()" (changesChange)="secrets.set($event)" />
        }
      </div>
      <footer><button type="button" class="btn" (click)="ref.close()">{{ 'common.cancel' | transloco }}</button><button type="submit" class="btn btn-primary" [disabled]="busy() || !config.hasValue()">{{ 'common.save' | transloco }}</button></footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfigDialog {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly question = inject<ConfigQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  readonly #where = { id: this.question.plugin.id, localisationId: this.question.site.id };
  readonly #fields = fieldsOf(this.question.plugin.configSchema);
  protected readonly config = resource({ loader: () => this.#api.invoke(getPluginConfig, this.#where) });
  protected readonly value = linkedSignal<JsonObject>(() => (this.config.hasValue() ? withDefaults(this.#fields, this.config.value().config) : {}));
  protected readonly secrets = signal<SecretChanges>({});
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
    if (this.errors().size || !this.config.hasValue()) {
      focusFirstError(this.#host);
      return;
    }
    this.busy.set(true);
    try {
      const body = { config: (pruned(this.value()) ?? {}) as JsonObject, ...(Object.keys(this.secrets()).length ? { secrets: this.secrets() } : {}) };
      await this.#api.invoke(putPluginConfig, { ...this.#where, 'If-Match': `"${this.config.value().version}"`, body });
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close();
    } catch (error) {
      if (isProblem(error)) this.#server.set(new Map([...error.fields].map(([pointer, message]) => [pointer.replace(/^\/config(?=\/)/, ''), message])));
      this.refusal.set(this.#problems.message(error));
      focusFirstError(this.#host);
    } finally {
      this.busy.set(false);
    }
  }
}
