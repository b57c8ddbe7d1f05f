/** One plugin: a switch, a rank and settings for each site; how it fares; its versions; what it may do. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { getPlugin } from '../../api/fn/plugins/get-plugin';
import { listPluginVersions } from '../../api/fn/plugins/list-plugin-versions';
import { listPlugins } from '../../api/fn/plugins/list-plugins';
import { setPluginSite } from '../../api/fn/plugins/set-plugin-site';
import { FailureMeans } from '../../api/models/failure-means';
import { PluginSite } from '../../api/models/plugin-site';
import { PluginSiteUpdate } from '../../api/models/plugin-site-update';
import { PluginVersion } from '../../api/models/plugin-version';
import { Session } from '../../shared/auth/session';
import { Site } from '../../shared/auth/site';
import { Problems } from '../../shared/http/problem';
import { AgoPipe, Format, InstantPipe, TxtPipe } from '../../shared/i18n/pipes';
import { fieldsOf } from '../../shared/schema-form/schema';
import { Confirm } from '../../shared/ui/confirm';
import { Icon } from '../../shared/ui/icon';
import { Failed, Loading } from '../../shared/ui/states';
import { Consent } from './data/consent';
import { bytes } from './data/figures';
import { KIND_ICONS } from './data/kinds';
import { Capabilities } from './ui/capabilities';
import { ConfigDialog, ConfigQuestion } from './ui/config-dialog';
import { Health } from './ui/health';
import { LevelBadge } from './ui/level-badge';
import { Versions } from './ui/versions';

/** How far from zero a rank may be; the server says the same. */
const MOST_ORDER = 1000;

@Component({
  imports: [AgoPipe, Capabilities, Failed, Health, Icon, InstantPipe, LevelBadge, Loading, RouterLink, TranslocoPipe, TxtPipe, Versions],
  templateUrl: './plugin-page.html',
  styles: `.sha { font-size: 11.5px; overflow-wrap: anywhere; } .rank { width: 84px; } .means { width: auto; }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PluginPage {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #dialog = inject(Dialog);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  readonly #site = inject(Site);
  readonly #format = inject(Format);
  readonly #consent = inject(Consent);
  readonly #router = inject(Router);
  protected readonly icons = KIND_ICONS;
  readonly #session = inject(Session);
  protected readonly mayConfigure = this.#session.can('plugins:configure');
  protected readonly mayInstall = this.#session.can('plugins:install');
  protected readonly most = MOST_ORDER;
  protected readonly plugin = resource({ params: () => this.id(), loader: ({ params }) => this.#api.invoke(getPlugin, { id: params }) });
  protected readonly versions = resource({
    params: () => (this.mayInstall ? this.id() : undefined), loader: async ({ params }) => (await this.#api.invoke(listPluginVersions, { id: params })).data,
  });
  protected readonly busy = signal<string | null>(null);
  protected readonly configurable = computed(() => {
    if (!this.plugin.hasValue()) return false;
    const { configSchema, secrets } = this.plugin.value();
    return fieldsOf(configSchema).length > 0 || secrets.length > 0;
  });
  protected readonly mine = computed(() => new Set(this.#site.mine().map(({ id }) => id)));

  /** A manager reads the other sites' state, and acts on his own. */
  protected own(site: PluginSite): boolean {
    return this.mayConfigure && this.mine().has(site.localisation.id);
  }
  protected size(value: number): string { return bytes(value, this.#format); }

  protected async review(version: PluginVersion): Promise<void> {
    if (await this.#consent.ask(version)) this.again({ purged: false });
  }

  /** Reads everything again; a plugin that was purged or whose only version was refused has no page any more. */
  protected again({ purged }: { purged: boolean }): void {
    const only = this.versions.hasValue() && this.versions.value().length <= 1 && this.plugin.value()?.state === 'staged';
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

  protected async toggle(site: PluginSite): Promise<void> {
    if (site.enabled && !(await this.#sure(site))) return;
    await this.#set(site, { enabled: !site.enabled });
  }
  protected async reorder(site: PluginSite, event: Event): Promise<void> {
    const field = event.target as HTMLInputElement;
    const order = field.valueAsNumber;
    if (!Number.isInteger(order) || Math.abs(order) > MOST_ORDER) field.value = String(site.order);
    else if (order !== site.order) await this.#set(site, { order });
  }
  protected async failing(site: PluginSite, event: Event): Promise<void> {
    const means = (event.target as HTMLSelectElement).value;
    await this.#set(site, { onFailure: means === 'manifest' ? null : (means as FailureMeans) });
  }

  async #set(site: PluginSite, body: PluginSiteUpdate): Promise<void> {
    this.busy.set(site.localisation.id);
    try {
      const after = await this.#api.invoke(setPluginSite, { id: this.id(), localisationId: site.localisation.id, body });
      this.plugin.update((plugin) => plugin && { ...plugin, sites: plugin.sites.map((one) => (one.localisation.id === after.localisation.id ? after : one)) });
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }

  protected configure(site: PluginSite): void {
    const plugin = this.plugin.value();
    if (!plugin) return;
    const question: ConfigQuestion = { plugin, site: site.localisation };
    this.#dialog.open(ConfigDialog, { data: question, panelClass: 'dialog-panel', ariaLabelledBy: 'config-title' });
  }

  #sure(site: PluginSite): Promise<boolean> {
    return this.#confirm.ask({
      title: this.#transloco.translate('plugins.disableTitle', { site: site.localisation.name }), body: this.#transloco.translate('plugins.disableText'),
      yes: this.#transloco.translate('plugins.disable'), danger: true,
    });
  }
}
