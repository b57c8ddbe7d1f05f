/** Background work: queues with their depth and age, jobs with their errors, dead jobs to retry. */
import { ChangeDetectionStrategy, Component, computed, inject, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../api/api';
import { getJobCounts } from '../../../api/fn/jobs/get-job-counts';
import { ListJobs$Params, listJobs } from '../../../api/fn/jobs/list-jobs';
import { pauseQueue } from '../../../api/fn/jobs/pause-queue';
import { resumeQueue } from '../../../api/fn/jobs/resume-queue';
import { retryJob } from '../../../api/fn/jobs/retry-job';
import { Job } from '../../../api/models/job';
import { QueueCounts } from '../../../api/models/queue-counts';
import { Can } from '../../../shared/auth/can';
import { PagedList } from '../../../shared/http/paged-list';
import { pollWhile } from '../../../shared/http/poll';
import { Problems } from '../../../shared/http/problem';
import { AgoPipe, CountPipe, Format, InstantPipe } from '../../../shared/i18n/pipes';
import { Icon } from '../../../shared/ui/icon';
import { PagedTable } from '../../../shared/ui/paged-table';
import { Filter } from '../../../shared/ui/filter';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { ToastStore } from '../../../shared/ui/toast-store';
import { ListBar } from '../../vues/public/list-bar';

type State = NonNullable<ListJobs$Params['state']>;
const STATES: readonly State[] = ['waiting', 'delayed', 'active', 'completed', 'failed', 'dead'];
const REFRESH_MS = 5000;

@Component({
  imports: [ListBar, AgoPipe, Can, CountPipe, Empty, Failed, Icon, InstantPipe, Loading, PagedTable, TranslocoPipe],
  templateUrl: './jobs.html',
  styles: `
    .queue {
      display: flex;
      flex-direction: column;
      gap: 10px;
      padding: 14px 16px;
    }
    .queue dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(84px, 1fr));
      gap: 6px;
    }
    .queue dt {
      color: var(--muted);
      font-size: 12px;
    }
    .queue dd {
      font-size: 17px;
      font-weight: 650;
      font-variant-numeric: tabular-nums;
    }
    .error {
      max-width: 420px;
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Jobs {
  readonly #api = inject(Api);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  readonly #format = inject(Format);
  protected readonly filters = queryState({ etat: '', file: '' });
  protected readonly counts = resource({ loader: async () => (await this.#api.invoke(getJobCounts)).queues });
  protected readonly choices = computed<Filter[]>(() => [
    {
      name: 'etat',
      label: 'jobs.stateLabel',
      any: 'jobs.allStates',
      options: STATES.map((state) => ({ value: state, label: 'jobs.state.' + state })),
    },
    {
      name: 'file',
      label: 'jobs.queue',
      any: 'jobs.allQueues',
      options: (this.counts.hasValue() ? this.counts.value() : []).map(({ queue }) => ({ value: queue, name: queue })),
    },
  ]);
  protected readonly list = new PagedList(
    computed(() => {
      const { etat, file } = this.filters.values();
      return { limit: 50, ...(etat ? { state: etat as State } : {}), ...(file ? { queue: file } : {}) };
    }),
    (params) => this.#api.invoke(listJobs, params),
  );

  constructor() {
    // Depths change all the time. A hidden page does not poll.
    pollWhile(
      () => true,
      () => this.counts.reload(),
      REFRESH_MS,
    );
  }

  protected oldest(queue: QueueCounts): string {
    const seconds = queue.oldestWaitingSeconds;
    if (!seconds) return '—';
    return seconds < 60 ? `${seconds} s` : this.#format.minutes(Math.round(seconds / 60));
  }
  protected tone(state: Job['state']): string {
    const tones: Record<string, string> = {
      delayed: 'tone-info',
      active: 'tone-primary',
      completed: 'tone-good',
      failed: 'tone-warn',
      dead: 'tone-bad',
    };
    return tones[state] ?? '';
  }
  protected retry(job: Job): Promise<void> {
    return this.#do(() => this.#api.invoke(retryJob, { id: job.id }), 'jobs.retried');
  }
  protected toggle({ queue, paused }: Pick<QueueCounts, 'queue' | 'paused'>): Promise<void> {
    const back = (): unknown => this.toggle({ queue, paused: !paused });
    return this.#do(
      () => this.#api.invoke(paused ? resumeQueue : pauseQueue, { queue }),
      paused ? 'jobs.resumed' : 'jobs.paused',
      back,
    );
  }
  protected refresh(): void {
    this.counts.reload();
    void this.list.reload();
  }

  async #do(run: () => Promise<unknown>, done: string, undo?: () => unknown): Promise<void> {
    try {
      await run();
      if (undo) this.#toasts.undoable(this.#transloco.translate(done), undo);
      else this.#toasts.done(this.#transloco.translate(done));
      this.refresh();
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
