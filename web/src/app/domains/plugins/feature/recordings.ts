/** The recorders of a pure plugin, site by site: start, watch, stop, download, delete. */
import { ChangeDetectionStrategy, Component, computed, inject, input, resource, signal } from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../../api/api';
import { deletePluginRecording } from '../../../api/fn/plugins/delete-plugin-recording';
import { getPluginRecording } from '../../../api/fn/plugins/get-plugin-recording';
import { listPluginRecordings } from '../../../api/fn/plugins/list-plugin-recordings';
import { stopPluginRecording } from '../../../api/fn/plugins/stop-plugin-recording';
import { PluginSiteRecording } from '../../../api/models/plugin-site-recording';
import { Download } from '../../../shared/http/download';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, CountPipe, DayPipe, Format } from '../../../shared/i18n/pipes';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { bytes } from '../util/figures';
import { RecordDialog, RecordQuestion } from './record-dialog';
import { RecordedCalls } from './recorded-calls';

@Component({
  selector: 'afpi-plugin-recordings',
  imports: [AgoPipe, CountPipe, DayPipe, Empty, Failed, Icon, Loading, RecordedCalls, TranslocoPipe],
  templateUrl: './recordings.html',
  styles: `
    .calls {
      padding: 12px 18px;
      border-top: 1px solid var(--border);
    }
    summary {
      cursor: pointer;
      color: var(--primary);
    }
    .end {
      justify-content: flex-end;
      flex-wrap: wrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Recordings {
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #dialog = inject(Dialog);
  readonly #download = inject(Download);
  readonly #format = inject(Format);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly list = resource({
    params: () => this.id(),
    loader: async ({ params }) => (await this.#api.invoke(listPluginRecordings, { id: params })).data,
  });
  /** Sites with recordings, or with a running recorder. */
  protected readonly told = computed(() =>
    this.list.hasValue() ? this.list.value().filter(({ kept, startedAt }) => kept > 0 || startedAt) : [],
  );
  protected readonly busy = signal<string | null>(null);
  /** Sites whose calls are unfolded. Only those are loaded. */
  protected readonly unfolded = signal<ReadonlySet<string>>(new Set());

  constructor() {
    pollWhile(
      () => this.list.hasValue() && !this.list.isLoading() && this.list.value().some((one) => this.live(one)),
      () => this.list.reload(),
    );
  }

  protected live({ wanted, kept }: PluginSiteRecording): boolean {
    return kept < wanted;
  }
  protected size(value: number): string {
    return bytes(value, this.#format);
  }

  protected unfold(site: string, open: boolean): void {
    const next = new Set(this.unfolded());
    if (open) next.add(site);
    else next.delete(site);
    this.unfolded.set(next);
  }

  protected async start(sites: PluginSiteRecording[]): Promise<void> {
    const question: RecordQuestion = { plugin: this.id(), sites };
    const ref = this.#dialog.open<boolean>(RecordDialog, {
      data: question,
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'record-title',
    });
    if (await firstValueFrom(ref.closed)) this.list.reload();
  }

  protected stop(one: PluginSiteRecording): Promise<void> {
    return this.#act(one, 'stopped', (where) => this.#api.invoke(stopPluginRecording, where));
  }

  protected async erase(one: PluginSiteRecording): Promise<void> {
    const say = (key: string): string =>
      this.#transloco.translate('pluginRecordings.' + key, { site: one.localisation.name, n: one.kept });
    if (
      !(await this.#confirm.ask({ title: say('eraseTitle'), body: say('eraseText'), yes: say('erase'), danger: true }))
    )
      return;
    await this.#act(one, 'erased', (where) => this.#api.invoke(deletePluginRecording, where));
  }

  protected async download({ localisation }: PluginSiteRecording): Promise<void> {
    this.busy.set(localisation.id);
    try {
      const path = getPluginRecording.PATH.replace('{id}', encodeURIComponent(this.id())).replace(
        '{localisationId}',
        localisation.id,
      );
      await this.#download.file(path, `${this.id()}-${localisation.code}.jsonl`);
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }

  async #act(
    { localisation }: PluginSiteRecording,
    done: string,
    act: (where: { id: string; localisationId: string }) => Promise<unknown>,
  ): Promise<void> {
    this.busy.set(localisation.id);
    try {
      await act({ id: this.id(), localisationId: localisation.id });
      this.#toasts.done(this.#transloco.translate('pluginRecordings.' + done, { site: localisation.name }));
      this.list.reload();
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(null);
    }
  }
}
