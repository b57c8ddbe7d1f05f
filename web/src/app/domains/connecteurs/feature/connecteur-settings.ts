/** A connector's settings: the form its plugin declares, secrets, schedule, and a check that changes nothing. */
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  resource,
  signal,
} from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { checkConnecteur } from '../../../api/fn/connecteurs/check-connecteur';
import { getConnecteurConfig } from '../../../api/fn/connecteurs/get-connecteur-config';
import { putConnecteurConfig } from '../../../api/fn/connecteurs/put-connecteur-config';
import { Check } from '../../../api/models/check';
import { ConnecteurConfig } from '../../../api/models/connecteur-config';
import { Schedule } from '../../../api/models/schedule';
import { Rebased, rebased } from '../../../shared/forms/lost-race';
import { Refusal } from '../../../shared/forms/refusal';
import { Problems } from '../../../shared/http/problem';
import { TxtPipe } from '../../../shared/i18n/pipes';
import { JsonObject, fieldsOf, pruned, withDefaults } from '../../../shared/schema-form/schema';
import { SchemaForm } from '../../../shared/schema-form/schema-form';
import { schemaSending } from '../../../shared/schema-form/schema-sending';
import { SecretChanges, SecretFields } from '../../../shared/schema-form/secret-fields';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { fieldKey } from '../util/fields';
import { FieldOwners } from '../ui/field-owners';

/** Common schedules, so that nobody must know cron. Any other line can be typed. */
const RHYTHMS = ['0 5 * * *', '0 5 * * 1-5', '0 */4 * * *', '0 * * * *'] as const;

@Component({
  selector: 'afpi-connecteur-settings',
  imports: [Failed, FieldOwners, Icon, Loading, Refusal, SchemaForm, SecretFields, TranslocoPipe, TxtPipe],
  template: `
    @if (config.error(); as error) {
      <afpi-failed [error]="error" (retry)="config.reload()" />
    } @else if (!config.hasValue()) {
      <section class="card"><afpi-loading [rows]="6" /></section>
    } @else {
      @let data = config.value();
      <afpi-refusal [said]="sending.refusal()" />
      <form class="stack" novalidate (submit)="save($event)">
        <section class="card">
          <header class="card-head">
            <h2>{{ 'connecteurs.settings' | transloco }}</h2>
          </header>
          <div class="card-body">
            <afpi-schema-form
              [schema]="data.configSchema"
              [value]="value()"
              (edit)="value.update($event)"
              [errors]="sending.errors()"
            />
          </div>
        </section>
        @if (data.secrets.length) {
          <section class="card">
            <header class="card-head">
              <h2>{{ 'secrets.title' | transloco }}</h2>
            </header>
            <div class="card-body">
              <afpi-secret-fields [slots]="data.secrets" [changes]="secrets()" (changesChange)="secrets.set($event)" />
            </div>
          </section>
        }
        <section class="card">
          <header class="card-head">
            <h2>{{ 'connecteurs.schedule' | transloco }}</h2>
          </header>
          <div class="card-body form-grid">
            <label class="check"
              ><input
                type="checkbox"
                [checked]="schedule().enabled"
                (change)="plan({ enabled: $any($event.target).checked })"
              />{{ 'connecteurs.scheduleOn' | transloco }}</label
            >
            <div class="field">
              <label for="rhythm">{{ 'connecteurs.rhythm' | transloco }}</label>
              <select id="rhythm" class="input" (change)="rhythm($event)">
                @for (line of rhythms; track line) {
                  <option [value]="line" [selected]="line === schedule().cron">
                    {{ 'connecteurs.rhythms.' + $index | transloco }}
                  </option>
                }
                <option value="" [selected]="custom()">{{ 'connecteurs.customRhythm' | transloco }}</option>
              </select>
            </div>
            <div class="field">
              <label for="cron">{{ 'connecteurs.cron' | transloco }}</label><input
                id="cron"
                class="input mono"
                [value]="schedule().cron"
                [attr.aria-invalid]="sending.errors().has('/schedule/cron') ? 'true' : null"
                (input)="plan({ cron: $any($event.target).value.trim() })"
              />
              @if (sending.errors().get('/schedule/cron'); as message) {
                <span class="field-error">{{ message }}</span>
              }
            </div>
          </div>
        </section>
        <section class="card">
          <details>
            <summary class="card-head">
              <h2>{{ 'connecteurs.owners.title' | transloco }}</h2>
            </summary>
            <div class="card-body"><afpi-field-owners [value]="owners()" (valueChange)="owners.set($event)" /></div>
          </details>
        </section>
        <div class="form-actions">
          <button type="button" class="btn" [disabled]="checking()" (click)="check()">
            <afpi-icon name="checklist" [size]="16" />{{
              (checking() ? 'connecteurs.checking' : 'connecteurs.check') | transloco
            }}
          </button>
          <button type="submit" class="btn btn-primary" [disabled]="sending.busy()">
            <afpi-icon name="save" [size]="16" />{{ (sending.busy() ? 'common.saving' : 'common.save') | transloco }}
          </button>
        </div>
      </form>
      @if (checks(); as lines) {
        <section class="card" role="status" aria-labelledby="check-title">
          <header class="card-head">
            <h2 id="check-title">{{ 'connecteurs.checkTitle' | transloco }}</h2>
          </header>
          <ul class="list">
            @for (line of lines; track line.name) {
              <li class="line">
                <afpi-icon [name]="line.ok ? 'circle-check' : 'circle-x'" [class]="line.ok ? 'good' : 'bad'" /><span
                  class="mono"
                  >{{ line.name }}</span
                ><span class="grow">{{ line.message | txt }}</span
                ><span class="sr-only">{{ (line.ok ? 'connecteurs.ok' : 'connecteurs.failed') | transloco }}</span>
              </li>
            }
          </ul>
        </section>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 14px;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 12px;
      padding: 11px 18px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnecteurSettings {
  readonly plugin = input.required<string>();
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly rhythms = RHYTHMS;
  protected readonly config = resource({
    params: () => this.plugin(),
    loader: ({ params }) => this.#api.invoke(getConnecteurConfig, { plugin: params }),
  });
  readonly #known = computed(() => (this.config.hasValue() ? this.config.value() : undefined));
  protected readonly value = linkedSignal(() => this.#document(this.#known()));
  protected readonly schedule = linkedSignal(() => scheduleOf(this.#known()));
  protected readonly owners = linkedSignal(() => this.#known()?.owners ?? {});
  protected readonly custom = computed(() => !(RHYTHMS as readonly string[]).includes(this.schedule().cron));
  protected readonly secrets = signal<SecretChanges>({});
  protected readonly checking = signal(false);
  protected readonly checks = signal<Check[] | null>(null);
  protected readonly sending = schemaSending<ConnecteurConfig>({
    fields: () => fieldsOf(this.#known()?.configSchema ?? {}),
    value: this.value,
    began: () => this.#document(this.#known()),
    within: '/config',
    beside: ['/schedule/cron'],
    overtaken: (now) => this.#overtaken(now),
    label: (field) => this.#transloco.translate(field.includes('.') ? fieldKey(field) : 'connecteurs.schedule'),
  });

  protected rhythm(event: Event): void {
    const cron = (event.target as HTMLSelectElement).value;
    if (cron) this.plan({ cron });
  }
  protected plan(change: Partial<Schedule>): void {
    this.schedule.update((schedule) => ({ ...schedule, ...change }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    const known = this.#known();
    if (!known) return;
    await this.sending.run(async () => {
      const body = {
        config: (pruned(this.value()) ?? {}) as JsonObject,
        schedule: this.schedule(),
        owners: this.owners(),
        ...(Object.keys(this.secrets()).length ? { secrets: this.secrets() } : {}),
      };
      this.config.set(
        await this.#api.invoke(putConnecteurConfig, { plugin: this.plugin(), 'If-Match': `"${known.version}"`, body }),
      );
      this.secrets.set({});
      this.#toasts.done(this.#transloco.translate('common.saved'));
    });
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

  #overtaken(now: ConnecteurConfig): Omit<Rebased<unknown>, 'value'> {
    const settings = rebased(this.value(), this.#document(this.#known()), this.#document(now));
    const schedule = rebased(
      { schedule: this.schedule() },
      { schedule: scheduleOf(this.#known()) },
      { schedule: scheduleOf(now) },
    );
    const owners = rebased(this.owners(), this.#known()?.owners ?? {}, now.owners);
    this.config.set(now);
    this.owners.set(owners.value);
    this.value.set(settings.value);
    this.schedule.set(schedule.value.schedule);
    return {
      taken: [...settings.taken, ...schedule.taken, ...owners.taken],
      kept: [...settings.kept, ...schedule.kept, ...owners.kept],
    };
  }
  #document(config: ConnecteurConfig | undefined): JsonObject {
    return config ? withDefaults(fieldsOf(config.configSchema), config.config) : {};
  }
}

function scheduleOf(config: ConnecteurConfig | undefined): Schedule {
  return config?.schedule ?? { cron: RHYTHMS[0], enabled: false };
}
