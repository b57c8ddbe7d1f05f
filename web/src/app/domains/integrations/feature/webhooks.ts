/** The webhooks: list, make, change, test, switch off, delete, and the log of what was sent. */
import { ChangeDetectionStrategy, Component, inject, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { deleteWebhook } from '../../../api/fn/webhooks/delete-webhook';
import { listWebhooks } from '../../../api/fn/webhooks/list-webhooks';
import { renewWebhook } from '../../../api/fn/webhooks/renew-webhook';
import { testWebhook } from '../../../api/fn/webhooks/test-webhook';
import { updateWebhook } from '../../../api/fn/webhooks/update-webhook';
import { Webhook } from '../../../api/models/webhook';
import { WebhookSecret } from '../../../api/models/webhook-secret';
import { Problems } from '../../../shared/http/problem';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { textOf } from '../util/events';
import { Deliveries } from './deliveries';

@Component({
  selector: 'afpi-webhooks',
  imports: [Deliveries, Empty, Failed, Icon, InstantPipe, Loading, TranslocoPipe],
  templateUrl: './webhooks.html',
  styles: `
    .events {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    .url {
      overflow-wrap: anywhere;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Webhooks {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly webhooks = resource({ loader: async () => (await this.#api.invoke(listWebhooks)).data });
  protected readonly textOf = textOf;
  /** The webhook whose deliveries are shown. */
  protected readonly open = signal('');
  /** Grows with each test, so that the log is read again. */
  protected readonly sent = signal(0);

  async edit(known: Webhook | null): Promise<void> {
    const { WebhookDialog } = await import('./webhook-dialog');
    const ref = this.#dialog.open<WebhookSecret>(WebhookDialog, {
      data: known,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'webhook-title',
    });
    const made = await firstValueFrom(ref.closed);
    this.webhooks.reload();
    if (made) await this.#show(made);
  }

  protected async test({ id }: Webhook): Promise<void> {
    await this.#do(async () => {
      await this.#api.invoke(testWebhook, { id });
      this.open.set(id);
      this.sent.update((n) => n + 1);
    }, 'webhooks.tested');
  }

  protected toggle(id: string): void {
    this.open.update((open) => (open === id ? '' : id));
  }

  protected async activate({ id, version, active }: Webhook): Promise<void> {
    const body = { active: !active };
    await this.#do(
      () => this.#api.invoke(updateWebhook, { id, 'If-Match': `"${version}"`, body }),
      active ? 'webhooks.nowOff' : 'webhooks.nowOn',
    );
  }

  protected async renew({ id, name }: Webhook): Promise<void> {
    if (!(await this.#sure('renew', name, false))) return;
    try {
      await this.#show(await this.#api.invoke(renewWebhook, { id }));
    } catch (error) {
      this.#problems.report(error);
    }
    this.webhooks.reload();
  }

  protected async remove({ id, name }: Webhook): Promise<void> {
    if (!(await this.#sure('remove', name, true))) return;
    await this.#do(() => this.#api.invoke(deleteWebhook, { id }), 'webhooks.removed');
  }

  #sure(what: 'renew' | 'remove', name: string, danger: boolean): Promise<boolean> {
    const say = (key: string): string => this.#transloco.translate(`webhooks.${what}${key}`, { name });
    return this.#confirm.ask({ title: say('Title'), body: say('Text'), yes: say('Yes'), danger });
  }

  async #do(act: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await act();
      this.#toasts.done(this.#transloco.translate(done));
    } catch (error) {
      this.#problems.report(error);
    }
    this.webhooks.reload();
  }

  async #show({ webhook, secret }: WebhookSecret): Promise<void> {
    const { SecretDialog } = await import('./secret-dialog');
    const ref = this.#dialog.open(SecretDialog, {
      data: { name: webhook.name, secret, example: '' },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'secret-title',
      disableClose: true,
    });
    await firstValueFrom(ref.closed);
  }
}
