/** A connector's settings: the form its plugin declares, secrets, schedule, and a check that changes nothing. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, linkedSignal, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { checkConnecteur } from '../../../api/fn/connecteurs/check-connecteur';
import { getConnecteurConfig } from '../../../api/fn/connecteurs/get-connecteur-config';
import { putConnecteurConfig } from '../../../api/fn/connecteurs/put-connecteur-config';
import { Check } from '../../../api/models/check';
import { focusFirstError } from '../../../shared/forms/problem-form';
import { Problems, isProblem } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { JsonObject, fieldsOf, missing, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { SecretChanges, SecretFields } from '../../../shared/schema-form/secret-fields';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';

/** Common rhythms, so that nobody has to know cron by heart; any other line can be typed. */
const RHYTHMS = ['0 5 * * *', '0 5 * * 1-5', '0 */4 * * *', '0 * * * *'] as const;

@Component({
  selector: 'afpi-connecteur-settings',
  imports: [Failed, Icon, Loading, SchemaForm, SecretFields, TranslocoPipe, TxtPipe],
  template: `
    @if (config.error(); as error) { <afpi-failed [error]="error" (retry)="config.reload()" /> }
    @else if (!config.hasValue()) { <section class="card"><afpi-loading [rows]="6" /></section> }
    @else {
      @let data = config.value();
      @if (refusal()) { <p class="notice notice-bad" role="alert"><afpi-icon name="circle-alert" class="bad" />{{ refusal() }}</p> }
      <form class="stack" novalidate (submit)="save($event)">
        <section class="card"><header class="card-head"><h2>{{ 'connecteurs.settings' | transloco }}</h2></header><div class="card-body"><afpi-schema-form [schema]="data.configSchema" [value]="value()" (valueChange)="value.set($event)" [errors]="errors()" /></div></section>
        @if (data.secrets.length) { <section class="card"><header class="card-head"><h2>{{ 'secrets.title' | transloco }}</h2></header><div class="card-body"><afpi-secret-fields [slots]="data.secrets" [changes]="secrets()" (changesChange)="secrets.set($event)" /></div></section> }
        <section class="card">
          <header class="card-head"><h2>{{ 'connecteurs.schedule' | transloco }}</h2></header>
          <div class="card-body form-grid">
            <label class="check"><input type="checkbox" [checked]="schedule().enabled" (change)="schedule.set({ cron: schedule().cron, enabled: $any($event.target).checked })" />{{ 'connecteurs.scheduleOn' | transloco }}</label>
            <div class="field"><label for="rhythm">{{ 'connecteurs.rhythm' | transloco }}</label>
              <select id="rhythm" class="input" (change)="rhythm($event)">@for (line of rhythms; track line) { <option [value]="line" [selected]="line === schedule().cron">{{ 'connecteurs.rhythms.' + $index | transloco }}</option> }<option value="" [selected]="custom()">{{ 'connecteurs.customRhythm' | transloco }}</option></select></div>
            <div class="field"><label for="cron">{{ 'connecteurs.cron' | transloco }}</label><input id="cron" class="input mono" [value]="schedule().cron" [attr.aria-invalid]="errors().has('/schedule/cron') ? 'true' : null" (change)="schedule.set({ cron: $any($event.target).value.trim(), enabled: schedule().enabled })" />@if (errors().get('/schedule/cron'); as message) { <span class="field-error">{{ message }}</span> }</div>
          </div>
        </section>
        <div class="form-actions">
          <button type="button" class="btn" [disabled]="checking()" (click)="check()"><afpi-icon name="checklist" [size]="16" />{{ (checking() ? 'connecteurs.checking' : 'connecteurs.check') | transloco }}</button>
          <button type="submit" class="btn btn-primary" [disabled]="busy()"><afpi-icon name="save" [size]="16" />{{ (busy() ? 'common.saving' : 'common.save') | transloco }}</button>
        </div>
      </form>
      @if (checks(); as lines) {
        <section class="card" role="status" aria-labelledby="check-title">
          <header class="card-head"><h2 id="check-title">{{ 'connecteurs.checkTitle' | transloco }}</h2></header>
          <ul class="list">@for (line of lines; track line.name) { <li class="line"><afpi-icon [name]="line.ok ? 'circle-check' : 'circle-x'" [class]="line.ok ? 'good' : 'bad'" /><span class="mono">{{ line.name }}</span><span class="grow">{{ line.message | txt }}</span><span class="sr-only">{{ (line.ok ? 'connecteurs.ok' : 'connecteurs.failed') | transloco }}</span></li> }</ul>
        </section>
      }
    }
  `,
  styles: `:host { display: flex; flex-direction: column; gap: 14px; } .line { display: flex; flex-wrap: wrap; gap: 12px; padding: 11px 18px; }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnecteurSettings {
  readonly plugin = input.required<string>();
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly rhythms = RHYTHMS;
  protected readonly config = resource({ params: () => this.plugin(), loader: ({ params }) => this.#api.invoke(getConnecteurConfig, { plugin: params }) });
  readonly #fields = computed(() => (this.config.hasValue() ? fieldsOf(this.config.value().configSchema) : []));
  protected readonly value = linkedSignal<JsonObject>(() => (this.config.hasValue() ? withDefaults(this.#fields(), this.config.value().config) : {}));
  protected readonly schedule = linkedSignal(() => (this.config.hasValue() ? this.config.value().schedule : null) ?? { cron: RHYTHMS[0], enabled: false });
  protected readonly custom = computed(() => !(RHYTHMS as readonly string[]).includes(this.schedule().cron));
  protected readonly secrets = signal<SecretChanges>({});
  protected readonly busy = signal(false);
  protected readonly checking = signal(false);
  protected readonly checks = signal<Check[] | null>(null);
  protected readonly refusal = signal('');
  readonly #tried = signal(false);
  readonly #server = signal<ReadonlyMap<string, string>>(new Map());
  protected readonly errors = computed<ReadonlyMap<string, string>>(() => {
    const required = this.#tried() ? missing(this.#fields(), this.value()) : [];
    return new Map([...this.#server(), ...required.map((pointer) => [pointer, this.#transloco.translate('form.required')] as const)]);
  });

  protected rhythm(event: Event): void {
    const cron = (event.target as HTMLSelectElement).value;
    if (cron) this.schedule.update(({ enabled }) => ({ cron, enabled }));
  }

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
      const body = { config: (pruned(this.value()) ?? {}) as JsonObject, schedule: this.schedule(), ...(Object.keys(this.secrets()).length ? { secrets: this.secrets() } : {}) };
      this.config.set(await this.#api.invoke(putConnecteurConfig, { plugin: this.plugin(), 'If-Match': `"${this.config.value().version}"`, body }));
      this.secrets.set({});
      this.#tried.set(false);
      this.#toasts.done(this.#transloco.translate('common.saved'));
    } catch (error) {
      // Pointers name the whole body; the form knows only the settings in it.
      if (isProblem(error)) this.#server.set(new Map([...error.fields].map(([pointer, message]) => [pointer.replace(/^\/config(?=\/)/, ''), message])));
      this.refusal.set(this.#problems.message(error));
      focusFirstError(this.#host);
    } finally {
      this.busy.set(false);
    }
  }

  protected async check(): Promise<void> {
    this.checking.set(true);
    try {
      this.checks.set((await this.#api.invoke(checkConnecteur, { plugin: this.plugin() })).checks);
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.checking.set(false);
    }
  }
}
