/** One plugin: its sites, health, decisions, versions and capabilities. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getPlugin } from '../../../api/fn/plugins/get-plugin';
import { listPluginVersions } from '../../../api/fn/plugins/list-plugin-versions';
import { listPlugins } from '../../../api/fn/plugins/list-plugins';
import { PluginSite } from '../../../api/models/plugin-site';
import { PluginVersion } from '../../../api/models/plugin-version';
import { Session } from '../../../shared/auth/session';
import { Site } from '../../../shared/auth/site';
import { Format, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { Consent } from './consent';
import { bytes } from '../util/figures';
import { PURE_KINDS } from '../util/kinds';
import { Capabilities } from '../ui/capabilities';
import { Health } from './health';
import { LevelBadge } from '../ui/level-badge';
import { PluginIcon } from './plugin-icon';
import { Recordings } from './recordings';
import { Schedules } from './schedules';
import { Sites } from './sites';
import { Versions } from './versions';

type View = 'sites' | 'horaires' | 'sante' | 'enregistrements' | 'versions';

@Component({
  imports: [
    Capabilities,
    Failed,
    Health,
    Icon,
    InstantPipe,
    LevelBadge,
    Loading,
    PluginIcon,
    Recordings,
    RouterLink,
    Schedules,
    Sites,
    Tab,
    Tabs,
    TranslocoPipe,
    TxtPipe,
    Versions,
  ],
  templateUrl: './plugin-page.html',
  styles: `
    .sha {
      font-size: 11.5px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PluginPage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #site = inject(Site);
  readonly #format = inject(Format);
  readonly #consent = inject(Consent);
  readonly #router = inject(Router);
  readonly #view = queryState({ vue: 'sites' });
  readonly #mayInstall = this.#session.can('plugins:install');
  protected readonly plugin = resource({
    params: () => this.id(),
    loader: ({ params }) => this.#api.invoke(getPlugin, { id: params }),
  });
  protected readonly versions = resource({
    params: () => (this.#mayInstall ? this.id() : undefined),
    loader: async ({ params }) => (await this.#api.invoke(listPluginVersions, { id: params })).data,
  });
  protected readonly mine = computed(() => new Set(this.#site.mine().map(({ id }) => id)));
  /** A plugin that is not active does not run: it has no sites, no health and no calls. */
  protected readonly tabs = computed((): View[] => {
    const plugin = this.plugin.hasValue() ? this.plugin.value() : null;
    const active = plugin?.state === 'active';
    const shown: [View, boolean][] = [
      ['sites', active],
      ['horaires', active && plugin.schedules.length > 0],
      ['sante', active && this.#session.can('plugins:configure')],
      ['enregistrements', active && this.#mayInstall && PURE_KINDS.has(plugin.kind)],
      ['versions', this.#mayInstall],
    ];
    return shown.filter(([, yes]) => yes).map(([tab]) => tab);
  });
  protected readonly tab = computed(() => this.tabs().find((tab) => tab === this.#view.values().vue) ?? this.tabs()[0]);

  /** Tables of many columns take the whole width. */
  protected readonly wide = computed(() => this.tab() === 'sante' || this.tab() === 'enregistrements');

  protected show(tab: string): void {
    this.#view.set({ vue: tab });
  }
  protected size(value: number): string {
    return bytes(value, this.#format);
  }
  protected stands(after: PluginSite): void {
    this.plugin.update(
      (plugin) =>
        plugin && {
          ...plugin,
          sites: plugin.sites.map((one) => (one.localisation.id === after.localisation.id ? after : one)),
        },
    );
  }
  /** The badge of a tab: sites in quarantine, waiting versions. */
  protected marks(tab: View): { n: number; says: string } | null {
    const staged = this.versions.hasValue()
      ? this.versions.value().filter(({ state }) => state === 'staged').length
      : 0;
    const quarantined = this.plugin.value()?.sites.filter(({ state }) => state === 'quarantined').length ?? 0;
    const n = tab === 'versions' ? staged : tab === 'sante' ? quarantined : 0;
    return n > 0 ? { n, says: tab === 'versions' ? 'plugins.newVersions' : 'plugins.quarantined' } : null;
  }

  protected async review(version: PluginVersion): Promise<void> {
    if (await this.#consent.ask(version)) this.again({ purged: false });
  }

  /** Reads everything again. A purged plugin, or one whose only version was refused, has no page any more. */
  protected again({ purged }: { purged: boolean }): void {
    const only =
      this.versions.hasValue() && this.versions.value().length <= 1 && this.plugin.value()?.state === 'staged';
    if (purged || only) void this.#stillThere();
    else this.#reload();
  }
  async #stillThere(): Promise<void> {
    const { data } = await this.#api.invoke(listPlugins);
    if (data.some(({ id }) => id === this.id())) this.#reload();
    else await this.#router.navigate(['/plugins']);
  }
  #reload(): void {
    this.plugin.reload();
    this.versions.reload();
  }
}
