/** One plugin: capabilities, health, and a switch and settings for each site. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../api/api';
import { getPlugin } from '../../api/fn/plugins/get-plugin';
import { setPluginSite } from '../../api/fn/plugins/set-plugin-site';
import { PluginSite } from '../../api/models/plugin-site';
import { Session } from '../../shared/auth/session';
import { Site } from '../../shared/auth/site';
import { Problems } from '../../shared/http/problem';
import { AgoPipe, CountPipe, Format, InstantPipe, TxtPipe } from '../../shared/i18n/pipes';
import { fieldsOf } from '../../shared/schema-form/schema';
import { Confirm } from '../../shared/ui/confirm';
import { Icon } from '../../shared/ui/icon';
import { Failed, Loading } from '../../shared/ui/states';
import { KIND_ICONS } from './data/kinds';
import { Capabilities } from './ui/capabilities';
import { ConfigDialog, ConfigQuestion } from './ui/config-dialog';

@Component({
  imports: [AgoPipe, Capabilities, CountPipe, Failed, Icon, InstantPipe, Loading, RouterLink, TranslocoPipe, TxtPipe],
  templateUrl: './plugin-page.html',
  styles: `.sha { font-size: 11.5px; overflow-wrap: anywhere; }`,
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
  protected readonly format = inject(Format);
  protected readonly icons = KIND_ICONS;
  protected readonly mayConfigure = inject(Session).can('plugins:configure');
  protected readonly plugin = resource({ params: () => this.id(), loader: ({ params }) => this.#api.invoke(getPlugin, { id: params }) });
  protected readonly busy = signal<string | null>(null);
  protected readonly configurable = computed(() => {
    if (!this.plugin.hasValue()) return false;
    const { configSchema, secrets } = this.plugin.value();
    return fieldsOf(configSchema).length > 0 || secrets.length > 0;
  });
  readonly #mine = computed(() => new Set(this.#site.mine().map(({ id }) => id)));

  /** A manager reads the other sites' state, and acts on his own. */
  protected own(site: PluginSite): boolean {
    return this.mayConfigure && this.#mine().has(site.localisation.id);
  }
  protected micros(value: number | null | undefined): string {
    if (value === null || value === undefined) return '—';
    return value < 1000 ? `${this.format.count(value, 1)} µs` : `${this.format.count(value / 1000, 1)} ms`;
  }
  protected size(bytes: number): string {
    return `${this.format.count(bytes / 1024, 0)} ${this.format.tag.startsWith('fr') ? 'ko' : 'kB'}`;
  }

  protected async toggle(site: PluginSite): Promise<void> {
    if (site.enabled && !(await this.#sure(site))) return;
    this.busy.set(site.localisation.id);
    try {
      const after = await this.#api.invoke(setPluginSite, { id: this.id(), localisationId: site.localisation.id, body: { enabled: !site.enabled } });
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
