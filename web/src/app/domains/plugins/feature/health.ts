/** A plugin's health, site by site: figures, host calls, log, quarantine. Polls by itself. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output, resource, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getPluginHealth } from '../../../api/fn/plugins/get-plugin-health';
import { releasePluginSite } from '../../../api/fn/plugins/release-plugin-site';
import { PluginSiteHealth } from '../../../api/models/plugin-site-health';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, CountPipe, Format, InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { bytes, micros } from '../util/figures';

const REFRESH_MS = 5000;

@Component({
  selector: 'afpi-plugin-health',
  imports: [AgoPipe, CountPipe, Failed, Icon, InstantPipe, Loading, TranslocoPipe],
  templateUrl: './health.html',
  styles: `
    .site {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 12px 18px;
      border-top: 1px solid var(--border);
    }
    summary {
      cursor: pointer;
      color: var(--primary);
    }
    .more {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
      gap: 14px;
      padding-top: 10px;
    }
    .log {
      max-height: 260px;
      padding: 8px 10px;
      overflow: auto;
      border-radius: var(--radius-s);
      background: var(--surface-2);
      font-family: var(--mono, ui-monospace, monospace);
      font-size: 12px;
      overflow-wrap: anywhere;
    }
    .log li {
      white-space: pre-wrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Health {
  readonly id = input.required<string>();
  /** Sites the caller may act on. */
  readonly mine = input.required<ReadonlySet<string>>();
  /** A quarantine was ended. */
  readonly released = output();
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly health = resource({
    params: () => this.id(),
    loader: async ({ params }) => (await this.#api.invoke(getPluginHealth, { id: params })).data,
  });
  /** Under the table: sites with messages. */
  protected readonly told = computed(() =>
    this.health.hasValue()
      ? this.health
          .value()
          .filter((site) => site.uses.length > 0 || site.logs.length > 0 || !!site.quarantine || !!site.lastError)
      : [],
  );
  protected readonly busy = signal<string | null>(null);

  constructor() {
    pollWhile(
      () => !this.health.isLoading(),
      () => this.health.reload(),
      REFRESH_MS,
    );
  }

  protected micros(value: number | null | undefined): string {
    return micros(value, this.#format);
  }
  protected bytes(value: number): string {
    return bytes(value, this.#format);
  }

  protected async release({ localisation }: PluginSiteHealth): Promise<void> {
    this.busy.set(localisation.id);
    try {
      await this.#api.invoke(releasePluginSite, { id: this.id(), localisationId: localisation.id });
      this.#toasts.done(this.#transloco.translate('pluginHealth.released', { site: localisation.name }));
      this.health.reload();
      this.released.emit();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }
}
