/** A plugin's settings on one site, in the form that it declares. Its own checks report at the fields. */
import { ChangeDetectionStrategy, Component, inject, linkedSignal, resource, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getPluginConfig } from '../../../api/fn/plugins/get-plugin-config';
import { putPluginConfig } from '../../../api/fn/plugins/put-plugin-config';
import { LocalisationRef } from '../../../api/models/localisation-ref';
import { PluginConfig } from '../../../api/models/plugin-config';
import { PluginDetail } from '../../../api/models/plugin-detail';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { JsonObject, fieldsOf, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { SecretChanges, SecretFields } from '../../../shared/schema-form/secret-fields';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

export interface ConfigQuestion {
  plugin: PluginDetail;
  site: LocalisationRef;
}

@Component({
  imports: [Failed, Loading, Refusal, SchemaForm, SecretFields, TranslocoPipe, TxtPipe],
  template: `
    <form class="dialog dialog-wide" novalidate (submit)="save($event)">
      <header>
        <h2 id="config-title">{{ question.plugin.name | txt }} · {{ question.site.name }}</h2>
      </header>
      <div class="body">
        @if (config.error(); as error) {
          <afpi-failed [error]="error" (retry)="config.reload()" />
        } @else if (!config.hasValue()) {
          <afpi-loading [rows]="5" />
        } @else {
          <afpi-refusal [said]="sending.refusal()" />
          <afpi-schema-form
            [schema]="question.plugin.configSchema"
            [value]="value()"
            (edit)="value.update($event)"
            [errors]="sending.errors()"
          />
          <afpi-secret-fields
            [slots]="config.value().secrets"
            [changes]="secrets()"
            (changesChange)="secrets.set($event)"
          />
        }
      </div>
      <footer>
        <button type="button" class="btn" (click)="ref.close()">{{ 'common.cancel' | transloco }}</button><button
          type="submit"
          class="btn btn-primary"
          [disabled]="sending.busy() || !config.hasValue()"
        >
          {{ 'common.save' | transloco }}
        </button>
      </footer>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConfigDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly question = inject<ConfigQuestion>(DIALOG_DATA);
  protected readonly ref = inject<DialogRef>(DialogRef);
  readonly #where = { id: this.question.plugin.id, localisationId: this.question.site.id };
  readonly #fields = fieldsOf(this.question.plugin.configSchema);
  protected readonly config = resource({ loader: () => this.#api.invoke(getPluginConfig, this.#where) });
  protected readonly value = linkedSignal(() =>
    this.#document(this.config.hasValue() ? this.config.value() : undefined),
  );
  protected readonly secrets = signal<SecretChanges>({});
  protected readonly sending = schemaSending<PluginConfig>({
    fields: () => this.#fields,
    value: this.value,
    within: '/config',
    overtaken: (now) => this.#overtaken(now),
    began: () => this.#document(this.config.hasValue() ? this.config.value() : undefined),
    more: () => Object.keys(this.secrets()).length > 0,
  });

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const config = this.config.hasValue() ? this.config.value() : undefined;
    if (!config) return;
    await this.sending.run(async () => {
      const body = {
        config: (pruned(this.value()) ?? {}) as JsonObject,
        ...(Object.keys(this.secrets()).length ? { secrets: this.secrets() } : {}),
      };
      await this.#api.invoke(putPluginConfig, { ...this.#where, 'If-Match': `"${config.version}"`, body });
      this.#toasts.done(this.#transloco.translate('common.saved'));
      this.ref.close();
    });
  }

  #overtaken(now: PluginConfig): Rebased<JsonObject> {
    const after = rebased(this.value(), this.#document(this.config.value()), this.#document(now));
    this.config.set(now);
    this.value.set(after.value);
    return after;
  }
  #document(config: PluginConfig | undefined): JsonObject {
    return config ? withDefaults(this.#fields, config.config) : {};
  }
}
