/** The installed plugins as cards: what each does, may do, where it runs, and its health. */
import { ChangeDetectionStrategy, Component, inject, resource } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listPlugins } from '../../../api/fn/plugins/list-plugins';
import { Plugin } from '../../../api/models/plugin';
import { Can } from '../../../shared/auth/can';
import { CountPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Capabilities } from '../ui/capabilities';
import { Consent } from './consent';
import { LevelBadge } from '../ui/level-badge';
import { PluginIcon } from './plugin-icon';

@Component({
  imports: [
    Can,
    Capabilities,
    CountPipe,
    Empty,
    Failed,
    Icon,
    LevelBadge,
    Loading,
    PluginIcon,
    RouterLink,
    TranslocoPipe,
    TxtPipe,
  ],
  template: `
    <div class="page">
      <header class="page-head">
        <div>
          <h1>{{ 'nav.plugins' | transloco }}</h1>
          <p class="muted">{{ 'plugins.subtitle' | transloco }}</p>
        </div>
        <div class="actions" *afpiCan="'plugins:install'">
          <a class="btn" routerLink="/plugins/cles"
            ><afpi-icon name="shield" [size]="16" />{{ 'pluginKeys.manage' | transloco }}</a
          ><button type="button" class="btn btn-primary" (click)="install()">
            <afpi-icon name="plus" [size]="17" />{{ 'pluginInstall.open' | transloco }}
          </button>
        </div>
      </header>
      @if (list.error(); as error) {
        <afpi-failed [error]="error" (retry)="list.reload()" />
      } @else if (!list.hasValue()) {
        <section class="card"><afpi-loading [rows]="6" /></section>
      } @else {
        <ul class="cards">
          @for (plugin of list.value(); track plugin.id) {
            <li class="card">
              <div class="head">
                <afpi-plugin-icon [source]="plugin" [kind]="plugin.kind" />
                <div class="grow">
                  <h2>
                    <a [routerLink]="['/plugins', plugin.id]">{{ plugin.name | txt }}</a>
                  </h2>
                  <p class="muted small">{{ 'plugins.kind.' + plugin.kind | transloco }} · {{ plugin.version }}</p>
                </div>
                <afpi-level [level]="plugin.level" />
              </div>
              <p>{{ plugin.description | txt }}</p>
              <afpi-capabilities [capabilities]="plugin.capabilities" />
              @if (plugin.state === 'active' && plugin.staged.length) {
                <p class="small warn">{{ 'plugins.newVersions' | transloco: { n: plugin.staged.length } }}</p>
              }
              <footer class="row spread small">
                @if (plugin.state !== 'active') {
                  <span class="chip" [class.tone-warn]="plugin.state === 'staged'">{{
                    (plugin.state === 'staged' ? 'plugins.waiting' : 'plugins.removedState') | transloco
                  }}</span>
                } @else {
                  <span class="muted"
                    >{{ 'plugins.activeOn' | transloco: { n: active(plugin), total: plugin.sites.length } }} ·
                    {{ plugin.stats.calls | count }} {{ 'plugins.calls' | transloco }}</span
                  >
                }
                @if (plugin.state === 'active' && quarantined(plugin); as n) {
                  <span class="chip tone-bad">{{ 'plugins.quarantined' | transloco: { n } }}</span>
                }
              </footer>
            </li>
          } @empty {
            <li class="card">
              <afpi-empty icon="plug" [title]="'plugins.none' | transloco" [text]="'plugins.noneText' | transloco" />
            </li>
          }
        </ul>
      }
    </div>
  `,
  styles: `
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr));
      gap: 16px;
    }
    .cards > li {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 18px;
    }
    .head {
      display: flex;
      gap: 12px;
      align-items: flex-start;
    }
    h2 a {
      color: var(--text);
    }
    footer {
      margin-top: auto;
      padding-top: 12px;
      border-top: 1px solid var(--border);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PluginList {
  readonly #api = inject(Api);
  readonly #consent = inject(Consent);
  readonly #router = inject(Router);
  protected readonly list = resource({ loader: async () => (await this.#api.invoke(listPlugins)).data });

  protected active(plugin: Plugin): number {
    return plugin.sites.filter(({ state }) => state === 'active').length;
  }
  protected quarantined(plugin: Plugin): number {
    return plugin.sites.filter(({ state }) => state === 'quarantined').length;
  }

  /** The plugin's page, where its sites are switched on. A refused first version has none. */
  protected async install(): Promise<void> {
    const version = await this.#consent.install();
    if (!version) return;
    this.list.reload();
    const { data } = await this.#api.invoke(listPlugins);
    if (data.some(({ id }) => id === version.pluginId)) await this.#router.navigate(['/plugins', version.pluginId]);
  }
}
