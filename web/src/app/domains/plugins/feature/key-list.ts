/** The trusted keys: list, add, revoke. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { listPluginKeys } from '../../../api/fn/plugins/list-plugin-keys';
import { revokePluginKey } from '../../../api/fn/plugins/revoke-plugin-key';
import { PluginKey } from '../../../api/models/plugin-key';
import { Problems } from '../../../shared/http/problem';
import { InstantPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { KeyDialog } from './key-dialog';
import { LevelBadge } from '../ui/level-badge';

@Component({
  imports: [Empty, Failed, Icon, InstantPipe, LevelBadge, Loading, RouterLink, TranslocoPipe],
  template: `
    <div class="page">
      <header class="page-head">
        <div class="stack-s">
          <p class="crumbs">
            <a routerLink="/plugins">{{ 'nav.plugins' | transloco }}</a>
          </p>
          <h1>{{ 'pluginKeys.title' | transloco }}</h1>
          <p class="muted">{{ 'pluginKeys.subtitle' | transloco }}</p>
        </div>
        <div class="actions">
          <button type="button" class="btn btn-primary" (click)="add(null)">
            <afpi-icon name="plus" [size]="17" />{{ 'pluginKeys.add' | transloco }}
          </button>
        </div>
      </header>
      <section class="card">
        @if (keys.error(); as error) {
          <div class="card-body"><afpi-failed [error]="error" (retry)="keys.reload()" /></div>
        } @else if (!keys.hasValue()) {
          <afpi-loading [rows]="4" />
        } @else if (!keys.value().length) {
          <afpi-empty
            icon="shield"
            [title]="'pluginKeys.none' | transloco"
            [text]="'pluginKeys.noneText' | transloco"
          />
        } @else {
          <div class="table-wrap">
            <table class="table cards" [attr.aria-label]="'pluginKeys.title' | transloco">
              <thead>
                <tr>
                  <th scope="col">{{ 'pluginKeys.name' | transloco }}</th>
                  <th scope="col">{{ 'pluginKeys.level' | transloco }}</th>
                  <th scope="col">{{ 'pluginKeys.addedAt' | transloco }}</th>
                  <th scope="col">{{ 'plugins.state' | transloco }}</th>
                  <th scope="col">
                    <span class="sr-only">{{ 'common.actions' | transloco }}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                @for (key of keys.value(); track key.id) {
                  <tr>
                    <td class="main">
                      <span class="strong">{{ key.name }}</span>
                      <div class="mono muted id">{{ key.id }}</div>
                    </td>
                    <td [attr.data-label]="'pluginKeys.level' | transloco"><afpi-level [level]="key.level" /></td>
                    <td [attr.data-label]="'pluginKeys.addedAt' | transloco">{{ key.addedAt | instant }}</td>
                    <td [attr.data-label]="'plugins.state' | transloco">
                      @if (key.revokedAt; as at) {
                        <span class="chip tone-bad">{{ 'pluginKeys.revokedAt' | transloco }}</span>&ngsp;<span
                          class="muted small"
                          >{{ at | instant }}</span
                        >
                      } @else {
                        <span class="chip tone-good">{{ 'pluginKeys.trusted' | transloco }}</span>
                      }
                    </td>
                    <td class="right">
                      @if (key.revokedAt) {
                        <button
                          type="button"
                          class="btn btn-s"
                          [attr.aria-label]="'pluginKeys.trustAgain' | transloco: { name: key.name }"
                          (click)="add(key)"
                        >
                          {{ 'pluginKeys.again' | transloco }}
                        </button>
                      } @else {
                        <button
                          type="button"
                          class="btn btn-s"
                          [attr.aria-label]="'pluginKeys.revokeOne' | transloco: { name: key.name }"
                          (click)="revoke(key)"
                        >
                          {{ 'pluginKeys.revoke' | transloco }}
                        </button>
                      }
                    </td>
                  </tr>
                }
              </tbody>
            </table>
          </div>
        }
      </section>
    </div>
  `,
  styles: `
    .id {
      font-size: 11.5px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class KeyList {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly keys = resource({ loader: async () => (await this.#api.invoke(listPluginKeys)).data });

  /** A new key, or a revoked one again. */
  protected async add(key: PluginKey | null): Promise<void> {
    const ref = this.#dialog.open<boolean>(KeyDialog, {
      data: key,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'key-title',
    });
    if (await firstValueFrom(ref.closed)) this.keys.reload();
  }

  protected async revoke({ id, name }: PluginKey): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.#transloco.translate('pluginKeys.revokeTitle', { name }),
      body: this.#transloco.translate('pluginKeys.revokeText'),
      yes: this.#transloco.translate('pluginKeys.revoke'),
      danger: true,
    });
    if (!sure) return;
    try {
      await this.#api.invoke(revokePluginKey, { id });
      this.#toasts.done(this.#transloco.translate('pluginKeys.revoked'));
      this.keys.reload();
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
