/** One connector: its runs, started here as a preview or for real, and its settings. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { listConnecteurs } from '../../../api/fn/connecteurs/list-connecteurs';
import { listRuns } from '../../../api/fn/connecteurs/list-runs';
import { syncConnecteur } from '../../../api/fn/connecteurs/sync-connecteur';
import { Live } from '../../../shared/http/live';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, CountPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { queryState } from '../../../shared/ui/query-state';
import { Empty } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { pollWhile } from '../../../shared/http/poll';
import { ASK_MS, LiveRun, isLive } from '../util/runs';
import { ConnecteurSettings } from './connecteur-settings';
import { RunProgress } from '../ui/run-progress';
import { RunState } from '../ui/run-state';

@Component({
  imports: [
    AgoPipe,
    ConnecteurSettings,
    CountPipe,
    Empty,
    Icon,
    InstantPipe,
    PagedTable,
    RouterLink,
    RunProgress,
    RunState,
    Tab,
    Tabs,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './connecteur-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnecteurPage {
  readonly plugin = input.required<string>();
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly #confirm = inject(Confirm);
  readonly #problems = inject(Problems);
  readonly #transloco = inject(TranslocoService);
  protected readonly view = queryState({ vue: 'executions' });
  protected readonly tab = computed(() => this.view.values().vue);
  protected readonly busy = signal(false);
  readonly #all = resource({ loader: async () => (await this.#api.invoke(listConnecteurs)).data });
  protected readonly name = computed(() =>
    this.#all.hasValue() ? this.#all.value().find(({ id }) => id === this.plugin())?.name : undefined,
  );
  protected readonly runs = new PagedList(
    computed(() => ({ plugin: this.plugin(), limit: 20 })),
    (params) => this.#api.invoke(listRuns, params),
  );
  protected readonly live = computed(() => this.runs.items().find(isLive));

  constructor() {
    inject(Live).on('sync', (body) => {
      this.#heard(body as LiveRun);
    });
    pollWhile(
      () => this.live() !== undefined,
      () => this.runs.reload(),
      ASK_MS,
    );
  }

  protected async start(mode: 'preview' | 'apply'): Promise<void> {
    if (mode === 'apply' && !(await this.#sure())) return;
    this.busy.set(true);
    try {
      const { run } = await this.#api.invoke(syncConnecteur, { plugin: this.plugin(), body: { mode } });
      await this.#router.navigate(['/connecteurs', this.plugin(), 'executions', run.id]);
    } catch (error) {
      this.#problems.report(error);
      await this.runs.reload();
    } finally {
      this.busy.set(false);
    }
  }

  #heard(run: LiveRun): void {
    if (run.connecteur !== this.plugin()) return;
    if (this.runs.items().some(({ id }) => id === run.id))
      this.runs.patch((items) => items.map((one) => (one.id === run.id ? run : one)));
    else void this.runs.reload();
  }
  #sure(): Promise<boolean> {
    return this.#confirm.ask({
      title: this.#transloco.translate('connecteurs.applyTitle'),
      body: this.#transloco.translate('connecteurs.applyText'),
      yes: this.#transloco.translate('connecteurs.apply'),
    });
  }
}
