/** The log of a webhook: what was sent, how it was answered, and sending it again. */
import { ChangeDetectionStrategy, Component, inject, input, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listWebhookDeliveries } from '../../../api/fn/webhooks/list-webhook-deliveries';
import { resendWebhookDelivery } from '../../../api/fn/webhooks/resend-webhook-delivery';
import { WebhookDelivery } from '../../../api/models/webhook-delivery';
import { WebhookDeliveryState } from '../../../api/models/webhook-delivery-state';
import { Problems } from '../../../shared/http/problem';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { textOf } from '../util/events';

const TONES: Record<WebhookDeliveryState, string> = {
  waiting: 'tone-warn',
  delivered: 'tone-good',
  failed: 'tone-bad',
  dropped: 'tone-bad',
};

@Component({
  selector: 'afpi-deliveries',
  imports: [Empty, Failed, InstantPipe, Loading, TranslocoPipe],
  template: `
    @if (log.error(); as error) {
      <div class="card-body"><afpi-failed [error]="error" (retry)="log.reload()" /></div>
    } @else if (!log.hasValue()) {
      <afpi-loading [rows]="3" />
    } @else if (!log.value().length) {
      <afpi-empty icon="inbox" [title]="'webhooks.logNone' | transloco" [text]="'webhooks.logNoneText' | transloco" />
    } @else {
      <div class="card-body">
        <button type="button" class="btn btn-s" (click)="log.reload()">{{ 'webhooks.refresh' | transloco }}</button>
      </div>
      <div class="table-wrap">
        <table class="table cards" [attr.aria-label]="'webhooks.logOf' | transloco: { name: name() }">
          <thead>
            <tr>
              <th scope="col">{{ 'webhooks.what' | transloco }}</th>
              <th scope="col">{{ 'webhooks.state' | transloco }}</th>
              <th scope="col">{{ 'webhooks.answer' | transloco }}</th>
              <th scope="col">
                <span class="sr-only">{{ 'common.actions' | transloco }}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            @for (delivery of log.value(); track delivery.id) {
              <tr>
                <td class="main">
                  <span class="strong">{{ 'webhooks.event.' + textOf(delivery.event) | transloco }}</span>
                  <div class="muted small">{{ delivery.createdAt | instant }}</div>
                </td>
                <td [attr.data-label]="'webhooks.state' | transloco">
                  <span class="chip" [class]="tones[delivery.state]">{{
                    'webhooks.states.' + delivery.state | transloco
                  }}</span>
                  <div class="muted small">{{ 'webhooks.attempts' | transloco: { n: delivery.attempts } }}</div>
                  @if (delivery.nextAt; as at) {
                    <div class="muted small">{{ 'webhooks.next' | transloco: { at: (at | instant) } }}</div>
                  }
                </td>
                <td [attr.data-label]="'webhooks.answer' | transloco">
                  @if (delivery.lastAt) {
                    <span class="mono">{{ delivery.status ?? '–' }}</span> ·
                    {{ 'webhooks.ms' | transloco: { n: delivery.durationMs } }}
                  }
                  <details>
                    <summary>{{ 'webhooks.details' | transloco }}</summary>
                    <pre class="mono small" tabindex="0">{{ delivery.body }}</pre>
                    @if (delivery.answer) {
                      <pre class="mono small" tabindex="0">{{ delivery.answer }}</pre>
                    }
                  </details>
                </td>
                <td class="right">
                  @if (delivery.state !== 'waiting') {
                    <button type="button" class="btn btn-s" (click)="resend(delivery)">
                      {{ 'webhooks.resend' | transloco }}
                    </button>
                  }
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    }
  `,
  styles: `
    pre {
      max-width: 60ch;
      max-height: 160px;
      margin: 6px 0 0;
      padding: 8px;
      border-radius: 6px;
      background: var(--surface-2);
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Deliveries {
  readonly webhook = input.required<string>();
  readonly name = input.required<string>();
  /** Changes when something was sent. */
  readonly sent = input(0);
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly tones = TONES;
  protected readonly textOf = textOf;
  protected readonly log = resource({
    params: () => ({ id: this.webhook(), sent: this.sent() }),
    loader: async ({ params: { id } }) => (await this.#api.invoke(listWebhookDeliveries, { id })).data,
  });

  protected async resend({ id: delivery }: WebhookDelivery): Promise<void> {
    try {
      await this.#api.invoke(resendWebhookDelivery, { id: this.webhook(), delivery });
      this.#toasts.done(this.#transloco.translate('webhooks.resent'));
    } catch (error) {
      this.#problems.report(error);
    }
    this.log.reload();
  }
}
