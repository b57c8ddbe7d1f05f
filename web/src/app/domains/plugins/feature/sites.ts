/** A plugin's sites: a switch, a position, the meaning of a missing answer, and the settings of each. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { FormsModule } from '@angular/forms';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listPlugins } from '../../../api/fn/plugins/list-plugins';
import { setPluginSite } from '../../../api/fn/plugins/set-plugin-site';
import { FailureMeans } from '../../../api/models/failure-means';
import { PluginDetail } from '../../../api/models/plugin-detail';
import { PluginSite } from '../../../api/models/plugin-site';
import { PluginSiteUpdate } from '../../../api/models/plugin-site-update';
import { Session } from '../../../shared/auth/session';
import { NumberInput } from '../../../shared/forms/number-input';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, CountPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { fieldsOf } from '../../../shared/schema-form/schema';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Rival, rivalsOf } from '../util/rivals';
import { ConfigDialog, ConfigQuestion } from './config-dialog';

/** The largest distance of a position from zero, as on the server. */
const MOST_ORDER = 1000;

@Component({
  selector: 'afpi-plugin-sites',
  imports: [AgoPipe, CountPipe, FormsModule, Icon, InstantPipe, NumberInput, RouterLink, TranslocoPipe, TxtPipe],
  templateUrl: './sites.html',
  styles: `
    .rank {
      width: 68px;
    }
    .means {
      width: auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Sites {
  readonly plugin = input.required<PluginDetail>();
  /** Sites the caller may act on: a manager reads the other sites' state. */
  readonly mine = input.required<ReadonlySet<string>>();
  /** The plugin's new state on a site. */
  readonly changed = output<PluginSite>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  readonly #mayConfigure = inject(Session).can('plugins:configure');
  protected readonly most = MOST_ORDER;
  protected readonly busy = signal<string | null>(null);
  /** The site whose typed position is invalid. */
  protected readonly misranked = signal<string | null>(null);
  readonly #all = resource({ loader: async () => (await this.#api.invoke(listPlugins)).data });
  /** By site: the other plugins of this kind that are switched on there, in order. */
  protected readonly rivals = computed(() =>
    this.#all.hasValue() ? rivalsOf(this.plugin(), this.#all.value()) : new Map<string, Rival[]>(),
  );
  /** A position matters only when several plugins are asked. */
  protected readonly ranked = computed(() => this.plugin().kind === 'hook' || this.rivals().size > 0);
  protected readonly configurable = computed(
    () => fieldsOf(this.plugin().configSchema).length > 0 || this.plugin().secrets.length > 0,
  );

  protected own(site: PluginSite): boolean {
    return this.#mayConfigure && this.mine().has(site.localisation.id);
  }

  protected async toggle(site: PluginSite): Promise<void> {
    if (site.enabled && !(await this.#sure(site))) return;
    await this.#set(site, { enabled: !site.enabled });
  }
  protected async reorder(site: PluginSite, field: NumberInput): Promise<void> {
    field.read();
    const order = field.value;
    const right = order !== null && Math.abs(order) <= MOST_ORDER;
    this.misranked.set(right ? null : site.localisation.id);
    if (right && order !== site.order) await this.#set(site, { order });
  }
  protected async failing(site: PluginSite, event: Event): Promise<void> {
    const means = (event.target as HTMLSelectElement).value;
    await this.#set(site, { onFailure: means === 'manifest' ? null : (means as FailureMeans) });
  }
  protected configure(site: PluginSite): void {
    const question: ConfigQuestion = { plugin: this.plugin(), site: site.localisation };
    this.#dialog.open(ConfigDialog, { data: question, panelClass: 'dialog-panel', ariaLabelledBy: 'config-title' });
  }

  async #set(site: PluginSite, body: PluginSiteUpdate): Promise<void> {
    this.busy.set(site.localisation.id);
    try {
      this.changed.emit(
        await this.#api.invoke(setPluginSite, { id: this.plugin().id, localisationId: site.localisation.id, body }),
      );
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }

  #sure(site: PluginSite): Promise<boolean> {
    return this.#confirm.ask({
      title: this.#transloco.translate('plugins.disableTitle', { site: site.localisation.name }),
      body: this.#transloco.translate('plugins.disableText'),
      yes: this.#transloco.translate('plugins.disable'),
      danger: true,
    });
  }
}
