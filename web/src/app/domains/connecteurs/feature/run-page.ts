/** One run: its progress, its changes (made or planned), its log, and undo. */
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, resource, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api, ApiFnRequired } from '../../../api/api';
import { applyRun } from '../../../api/fn/connecteurs/apply-run';
import { cancelRun } from '../../../api/fn/connecteurs/cancel-run';
import { getRun } from '../../../api/fn/connecteurs/get-run';
import { getRunLog } from '../../../api/fn/connecteurs/get-run-log';
import { listRunChanges } from '../../../api/fn/connecteurs/list-run-changes';
import { settleConflicts } from '../../../api/fn/connecteurs/settle-conflicts';
import { undoRun } from '../../../api/fn/connecteurs/undo-run';
import { ConflictRef } from '../../../api/models/conflict-ref';
import { RunAnswer } from '../../../api/models/run-answer';
import { RunChange } from '../../../api/models/run-change';
import { RunConflictSide } from '../../../api/models/run-conflict-side';
import { Live } from '../../../shared/http/live';
import { PagedList } from '../../../shared/http/paged-list';
import { Problems } from '../../../shared/http/problem';
import { Language } from '../../../shared/i18n/language';
import { CountPipe, InstantPipe, TxtPipe } from '../../../shared/i18n/pipes';
import { plain } from '../../../shared/schema-form/schema';
import { Confirm } from '../../../shared/ui/confirm';
import { Icon } from '../../../shared/ui/icon';
import { queryState } from '../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../shared/ui/states';
import { Tab, Tabs } from '../../../shared/ui/tabs';
import { ToastStore } from '../../../shared/ui/toast-store';
import { pollWhile } from '../../../shared/http/poll';
import { ASK_MS, LiveRun, canApply, canCancel, canUndo, isLive } from '../util/runs';
import { fieldKey } from '../util/fields';
import { Chosen, RunConflicts } from '../ui/run-conflicts';
import { RunProgress } from '../ui/run-progress';
import { RunState } from '../ui/run-state';

const ACTIONS = ['created', 'updated', 'unchanged', 'skipped', 'archived', 'missing', 'conflict'] as const;
type Action = (typeof ACTIONS)[number];

interface Difference {
  /** Its label. Without a label the received value is shown. */
  field: string;
  before: string;
  after: string;
}

@Component({
  imports: [
    CountPipe,
    Empty,
    Failed,
    Icon,
    InstantPipe,
    Loading,
    RouterLink,
    RunConflicts,
    RunProgress,
    RunState,
    Tab,
    Tabs,
    TranslocoPipe,
    TxtPipe,
  ],
  templateUrl: './run-page.html',
  styles: `
    .tiles {
      grid-template-columns: repeat(auto-fit, minmax(min(108px, 100%), 1fr));
    }
    .count {
      display: flex;
      flex-direction: column;
      gap: 2px;
      align-items: flex-start;
      padding: 12px 14px;
      text-align: left;
      cursor: pointer;
    }
    .count[aria-pressed='true'] {
      border-color: var(--primary);
      box-shadow: 0 0 0 1px var(--primary);
    }
    .count b {
      font-size: 20px;
      font-variant-numeric: tabular-nums;
    }
    .log {
      max-height: 420px;
      padding: 12px 18px;
      overflow: auto;
      font-size: 12.5px;
    }
    .log li {
      display: grid;
      grid-template-columns: max-content 48px minmax(0, 1fr);
      gap: 12px;
      padding: 2px 0;
    }
    .diff {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 8px;
    }
    @media (max-width: 640px) {
      .log li {
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
        padding: 5px 0;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunPage {
  readonly plugin = input.required<string>();
  readonly id = input.required<string>();
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #language = inject(Language);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly actions = ACTIONS;
  protected readonly view = queryState({ action: '', vue: 'changements' });
  readonly #where = computed(() => ({ plugin: this.plugin(), id: this.id() }));
  protected readonly run = resource({
    params: () => this.#where(),
    loader: ({ params }) => this.#api.invoke(getRun, params),
  });
  protected readonly changes = new PagedList(
    computed(() => {
      const action = this.view.values().action;
      return { ...this.#where(), limit: 50, ...(action ? { action: action as Action } : {}) };
    }),
    (params) => this.#api.invoke(listRunChanges, params),
  );
  protected readonly log = resource({
    params: () => (this.view.values().vue === 'journal' ? this.#where() : undefined),
    loader: async ({ params }) => (await this.#api.invoke(getRunLog, params)).data,
  });
  protected readonly live = computed(() => this.run.hasValue() && isLive(this.run.value()));
  protected readonly stoppable = computed(() => this.run.hasValue() && canCancel(this.run.value()));
  protected readonly applicable = computed(() => this.run.hasValue() && canApply(this.run.value()));
  protected readonly undoable = computed(() => this.run.hasValue() && canUndo(this.run.value()));
  protected readonly busy = signal(false);

  constructor() {
    inject(Live).on('sync', (body) => {
      const run = body as LiveRun;
      if (run.id === this.id() && run.connecteur === this.plugin()) this.run.set(run);
    });
    pollWhile(
      () => this.live(),
      () => this.run.reload(),
      ASK_MS,
    );
    // Staged and applied changes are complete once the run has stopped.
    let wasLive = false;
    effect(() => {
      if (wasLive && !this.live()) {
        void this.changes.reload();
        this.log.reload();
      }
      wasLive = this.live();
    });
  }

  protected filter(action: Action): void {
    this.view.set({ action: this.view.values().action === action ? '' : action, vue: 'changements' });
  }
  protected apply(): Promise<void> {
    return this.#do(applyRun, 'apply');
  }
  protected undo(): Promise<void> {
    return this.#do(undoRun, 'undo');
  }
  protected cancel(): Promise<void> {
    return this.#do(cancelRun, 'cancel');
  }

  /** One field of one record. */
  protected settle(change: RunChange, { field, keep }: Chosen): Promise<void> {
    return this.#settle(keep, [
      { entity: change.entity as ConflictRef['entity'], externalId: change.externalId, field },
    ]);
  }
  /** All open conflicts. */
  protected async settleAll(keep: RunConflictSide): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(`connecteurs.conflict.${key}`);
    const title = say(keep === 'crm' ? 'keepAll' : 'takeAll');
    if (
      await this.#confirm.ask({
        title,
        body: say(keep === 'crm' ? 'keepAllText' : 'takeAllText'),
        yes: title,
        danger: keep === 'source',
      })
    )
      await this.#settle(keep);
  }

  async #settle(keep: RunConflictSide, of?: ConflictRef[]): Promise<void> {
    this.busy.set(true);
    try {
      const { run, settled, left, refusals } = await this.#api.invoke(settleConflicts, {
        ...this.#where(),
        body: { keep, ...(of ? { of } : {}) },
      });
      this.run.set(run);
      const say = (key: string, values: object): string =>
        this.#transloco.translate(`connecteurs.conflict.${key}`, values);
      if (refusals?.length) {
        const reasons = refusals.map((reason) => reason[this.#language.current()]).join(' ');
        this.#toasts.show({ tone: 'bad', text: say('settledRefused', { settled, left, reasons }) });
      } else {
        this.#toasts.done(say(left ? 'settledSome' : 'settled', { settled, left }));
      }
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      await this.changes.reload();
    }
  }

  protected differences({ before, after }: RunChange): Difference[] {
    const [old, now] = [before, after].map((record) => (record ?? {}) as Record<string, unknown>) as [
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    return [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .map((field) => ({ field, before: plain(old[field]), after: plain(now[field]) }))
      .filter((line) => line.before !== line.after)
      .map((line) => ({ ...line, field: this.#nameOf(line.field) }));
  }

  #nameOf(field: string): string {
    const key = fieldKey(field);
    const name: string = this.#transloco.translate(key);
    return name === key ? field : name;
  }

  async #do(
    call: ApiFnRequired<{ plugin: string; id: string }, RunAnswer>,
    name: 'apply' | 'undo' | 'cancel',
  ): Promise<void> {
    const say = (key: string): string => this.#transloco.translate(`connecteurs.${key}`);
    const sure = await this.#confirm.ask({
      title: say(`${name}Title`),
      body: say(`${name}Text`),
      yes: say(name),
      no: this.#transloco.translate('common.close'),
      danger: name !== 'apply',
    });
    if (!sure) return;
    this.busy.set(true);
    try {
      this.run.set((await this.#api.invoke(call, this.#where())).run);
    } catch (error) {
      this.#problems.report(error);
    } finally {
      this.busy.set(false);
      this.run.reload();
    }
  }
}
