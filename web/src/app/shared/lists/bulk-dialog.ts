/**
 * Does something with the chosen rows: asks for the choice, says the number before it begins, shows the progress, names
 * what was refused, and takes all of it back where each act has its opposite.
 */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { newerIn } from '../forms/lost-race';
import { Problems } from '../http/problem';
import { CountPipe } from '../i18n/pipes';
import { Icon } from '../ui/icon';
import { ToastStore } from '../ui/toast-store';
import { BulkAction, BulkOption } from './bulk-action';
import { CarryOut, Doing, NotMeant, Refused } from './carry-out';
import { Row, Selection } from './selection';

export interface BulkQuestion<T extends Row> {
  action: BulkAction<T>;
  selection: Selection<T>;
  name: (row: T) => string;
}

@Component({
  imports: [CountPipe, Icon, TranslocoPipe],
  templateUrl: './bulk-dialog.html',
  styleUrl: './bulk-dialog.scss',
  host: { '(keydown.escape)': 'leave()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BulkDialog<T extends Row & { version?: number }> {
  readonly #question = inject<BulkQuestion<T>>(DIALOG_DATA);
  readonly #ref = inject(DialogRef);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #transloco = inject(TranslocoService);
  protected readonly action = this.#question.action;
  protected readonly rows = signal<readonly T[] | null>(null);
  protected readonly read = signal(0);
  protected readonly options = signal<BulkOption[]>([]);
  protected readonly value = signal('');
  protected readonly failed = signal('');
  /** What is under way: the act, or the way back. */
  protected readonly run = signal<CarryOut<T> | null>(null);
  protected readonly undoing = signal(false);
  protected readonly sent = computed(() => this.run()?.sent() ?? 0);
  protected readonly left = computed(() => (this.run()?.rows.length ?? 0) - this.sent());
  protected readonly percent = computed(() => (100 * this.sent()) / Math.max(1, this.run()?.rows.length ?? 0));
  protected readonly refusals = computed(() =>
    (this.run()?.refused() ?? []).map((refused) => ({
      name: this.#question.name(refused.row),
      why: this.#why(refused),
    })),
  );
  readonly #closed = signal(false);
  protected readonly known = computed(() => this.action.text?.known(this.rows() ?? []) ?? []);

  constructor() {
    void this.#read();
  }

  protected begin(event: Event): void {
    event.preventDefault();
    const rows = this.rows();
    const needs = this.action.choice ?? this.action.text;
    const value = this.value().trim();
    if (rows?.length && (value || !needs)) void this.#go(rows, this.action.start(value));
  }

  protected again(): void {
    const run = this.run();
    if (run) void this.#go(run.again(), this.action.start(this.value().trim()), run);
  }

  /** Escape and the button: what runs is stopped first, so that nothing goes on unseen. */
  protected leave(): void {
    const run = this.run();
    this.#closed.set(true);
    if (run?.state() === 'running') run.stop();
    else this.#ref.close();
  }

  protected back(): void {
    const run = this.run();
    if (run) void this.#back(run.rows, run.backs());
  }

  async #read(): Promise<void> {
    try {
      const stopped = this.#closed.asReadonly();
      const rows = await this.#question.selection.rows(stopped);
      if (stopped()) return;
      const read = (n: number): void => {
        this.read.set(n);
      };
      this.options.set((await this.action.choice?.options(rows, read)) ?? []);
      this.rows.set(rows);
    } catch (error) {
      this.failed.set(this.#problems.message(error));
    }
  }

  /** `before`: an earlier try of the same act, which is taken back with this one. */
  async #go(rows: readonly T[], doing: Doing<T>, before?: CarryOut<T>): Promise<void> {
    const run = this.#begin(rows, doing);
    await run.run();
    const backs = new Map([...(before?.backs() ?? []), ...run.backs()]);
    const n = run.done().size + (before?.done().size ?? 0);
    if (n) this.#tell(this.action.done(n), [...(before?.rows ?? []), ...rows], backs);
    if (run.state() === 'done' && !run.refused().length) this.#ref.close();
  }

  #tell(text: string, rows: readonly T[], backs: ReturnType<CarryOut<T>['backs']>): void {
    if (!backs.size) this.#toasts.done(text);
    else this.#toasts.undoable(text, () => this.#back(rows, backs), this.#transloco.translate('lists.undoHint'));
  }

  /** Takes back what was done. It may run after the dialog has closed, from the toast. */
  async #back(rows: readonly T[], backs: ReturnType<CarryOut<T>['backs']>): Promise<void> {
    const meant = rows.filter(({ id }) => backs.has(id));
    this.undoing.set(true);
    const run = this.#begin([...new Map(meant.map((row) => [row.id, row])).values()], async ({ id }) => {
      const now = await backs.get(id)?.();
      return now ? { now } : null;
    });
    await run.run();
    const text = this.#transloco.translate('lists.undone', { n: run.done().size });
    const details = run.refused().map((one) => `${this.#question.name(one.row)} : ${this.#why(one)}`);
    this.#toasts.show({ tone: details.length ? 'bad' : 'good', text, details: details.slice(0, 6) });
    this.#ref.close();
  }

  #begin(rows: readonly T[], doing: Doing<T>): CarryOut<T> {
    const { list } = this.#question.selection;
    const run = new CarryOut<T>(rows, doing, (now) => {
      list.patch((items) => items.map((item) => (item.id === now.id ? { ...item, ...now } : item)));
    });
    this.run.set(run);
    return run;
  }

  #why({ error }: Refused<T>): string {
    if (error instanceof NotMeant) return error.message;
    return newerIn(error) ? this.#transloco.translate('lists.changed') : this.#problems.message(error);
  }
}
