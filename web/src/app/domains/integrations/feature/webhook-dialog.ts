/** A webhook: where what happens is told, which events, of which sites. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { createWebhook } from '../../../api/fn/webhooks/create-webhook';
import { updateWebhook } from '../../../api/fn/webhooks/update-webhook';
import { Webhook } from '../../../api/models/webhook';
import { WebhookEvent } from '../../../api/models/webhook-event';
import { WebhookSecret } from '../../../api/models/webhook-secret';
import { Site } from '../../../shared/auth/site';
import { ControlState } from '../../../shared/forms/control-state';
import { Field } from '../../../shared/forms/field';
import { Refusal } from '../../../shared/forms/refusal';
import { sending } from '../../../shared/forms/sending';
import { DialogActions } from '../../../shared/ui/dialog-actions';
import { ToastStore } from '../../../shared/ui/toast-store';
import { EVENTS, textOf } from '../util/events';

@Component({
  imports: [ControlState, DialogActions, Field, ReactiveFormsModule, Refusal, TranslocoPipe],
  template: `
    <form class="dialog" [formGroup]="form" (ngSubmit)="save()">
      <header>
        <h2 id="webhook-title">{{ (known ? 'webhooks.edit' : 'webhooks.create') | transloco }}</h2>
      </header>
      <div class="body">
        <afpi-refusal [said]="sending.refusal()" />
        @let controls = form.controls;
        <afpi-field [label]="'webhooks.name' | transloco" for="w-name" [control]="controls.name"
          ><input id="w-name" class="input" formControlName="name" autocomplete="off"
        /></afpi-field>
        <afpi-field
          [label]="'webhooks.url' | transloco"
          for="w-url"
          [control]="controls.url"
          [hint]="'webhooks.urlHint' | transloco"
          ><input
            id="w-url"
            class="input mono"
            inputmode="url"
            autocapitalize="none"
            spellcheck="false"
            formControlName="url"
            autocomplete="off"
        /></afpi-field>
        <fieldset>
          <legend class="field-label">{{ 'webhooks.events' | transloco }}</legend>
          @if (eventError()) {
            <p class="field-error" role="alert">{{ eventError() }}</p>
          }
          <div class="choices">
            @for (event of events; track event) {
              <label class="check"
                ><input type="checkbox" [checked]="chosen().has(event)" (change)="tell(event)" />{{
                  'webhooks.event.' + textOf(event) | transloco
                }}</label
              >
            }
          </div>
        </fieldset>
        <fieldset>
          <legend class="field-label">{{ 'webhooks.sites' | transloco }}</legend>
          <p class="field-hint">{{ 'webhooks.sitesHint' | transloco }}</p>
          <div class="choices">
            @for (option of site.mine(); track option.id) {
              <label class="check"
                ><input type="checkbox" [checked]="sites().has(option.id)" (change)="at(option.id)" />{{
                  option.name
                }}</label
              >
            }
          </div>
        </fieldset>
      </div>
      <footer afpiDialogActions [busy]="sending.busy()" (cancelled)="ref.close()"></footer>
    </form>
  `,
  styles: `
    .choices {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
      gap: 4px 12px;
      padding-top: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class WebhookDialog {
  readonly #api = inject(Api);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly site = inject(Site);
  /** The webhook to change; `null` for a new one. */
  protected readonly known = inject<Webhook | null>(DIALOG_DATA);
  /** Closes with a new webhook and its secret. */
  protected readonly ref = inject<DialogRef<WebhookSecret>>(DialogRef);
  protected readonly events = EVENTS;
  protected readonly textOf = textOf;
  protected readonly chosen = signal<ReadonlySet<WebhookEvent>>(new Set(this.known?.events));
  protected readonly sites = signal<ReadonlySet<string>>(new Set(this.known?.localisations.map(({ id }) => id)));
  protected readonly eventError = signal('');
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: [this.known?.name ?? '', [Validators.required, Validators.maxLength(80)]],
    url: [this.known?.url ?? 'https://', [Validators.required, Validators.minLength(9), Validators.maxLength(1000)]],
  });
  protected readonly sending = sending(this.form);

  protected tell(event: WebhookEvent): void {
    this.chosen.update((before) => toggled(before, event));
    this.eventError.set('');
    this.form.markAsDirty();
  }
  protected at(site: string): void {
    this.sites.update((before) => toggled(before, site));
    this.form.markAsDirty();
  }

  protected save(): Promise<void> {
    if (!this.chosen().size) this.eventError.set(this.#transloco.translate('webhooks.eventRequired'));
    return this.sending.run(
      async () => {
        const body = { ...this.form.getRawValue(), events: [...this.chosen()], localisationIds: [...this.sites()] };
        if (!this.known) {
          this.ref.close(await this.#api.invoke(createWebhook, { body }));
          return;
        }
        const { id, version } = this.known;
        await this.#api.invoke(updateWebhook, { id, 'If-Match': `"${version}"`, body });
        this.#toasts.done(this.#transloco.translate('common.saved'));
        this.ref.close();
      },
      () => !this.eventError(),
    );
  }
}

function toggled<T>(before: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const after = new Set(before);
  if (!after.delete(one)) after.add(one);
  return after;
}
