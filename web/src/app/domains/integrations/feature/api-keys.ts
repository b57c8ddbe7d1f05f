/** The keys of the API: list, make, renew, revoke. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { listApiKeys } from '../../../api/fn/api-keys/list-api-keys';
import { renewApiKey } from '../../../api/fn/api-keys/renew-api-key';
import { revokeApiKey } from '../../../api/fn/api-keys/revoke-api-key';
import { ApiKey } from '../../../api/models/api-key';
import { ApiKeySecret } from '../../../api/models/api-key-secret';
import { Problems } from '../../../shared/http/problem';
import { DayPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { stateOf } from '../util/areas';
import { dayOf } from '../util/days';

/** How long the secret before counts after a renewal, in hours. */
const GRACE = 24;

@Component({
  selector: 'afpi-api-keys',
  imports: [DayPipe, Empty, Failed, InstantPipe, Loading, TranslocoPipe, TxtPipe],
  templateUrl: './api-keys.html',
  styles: `
    .scopes {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ApiKeys {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly keys = resource({ loader: async () => (await this.#api.invoke(listApiKeys)).data });
  readonly #today = dayOf(new Date());

  protected state(key: ApiKey): 'revoked' | 'expired' | 'active' {
    return stateOf(key, this.#today);
  }

  async create(): Promise<void> {
    const { KeyDialog } = await import('./key-dialog');
    const ref = this.#dialog.open<ApiKeySecret>(KeyDialog, { panelClass: 'dialog-panel', ariaLabelledBy: 'key-title' });
    const made = await firstValueFrom(ref.closed);
    if (made) await this.#show(made);
  }

  protected async renew({ id, name }: ApiKey): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(key, { name });
    const answer = await this.#confirm.choose({
      title: say('integrations.renewTitle'),
      body: say('integrations.renewText'),
      yes: say('integrations.renewLater'),
      other: say('integrations.renewNow'),
    });
    if (answer === 'no') return;
    const graceHours = answer === 'yes' ? GRACE : 0;
    try {
      await this.#show(await this.#api.invoke(renewApiKey, { id, body: { graceHours } }));
    } catch (error) {
      this.#problems.report(error);
    }
  }

  protected async revoke({ id, name }: ApiKey): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(key, { name });
    const sure = await this.#confirm.ask({
      title: say('integrations.revokeTitle'),
      body: say('integrations.revokeText'),
      yes: say('integrations.revoke'),
      danger: true,
    });
    if (!sure) return;
    try {
      await this.#api.invoke(revokeApiKey, { id });
      this.#toasts.done(say('integrations.revoked'));
    } catch (error) {
      this.#problems.report(error);
    }
    this.keys.reload();
  }

  async #show(made: ApiKeySecret): Promise<void> {
    this.keys.reload();
    const { SecretDialog } = await import('./secret-dialog');
    const area = made.key.scopes[0]?.area ?? '';
    const ref = this.#dialog.open(SecretDialog, {
      data: {
        name: made.key.name,
        secret: made.secret,
        // A call within the first scope of the key.
        example: `curl -H "Authorization: Bearer $AFPI_KEY" ${location.origin}/api/${area}`,
      },
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'secret-title',
      // A click beside it must not lose what is shown once.
      disableClose: true,
    });
    await firstValueFrom(ref.closed);
  }
}
