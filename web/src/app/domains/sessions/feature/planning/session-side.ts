/** The session that is open beside the board: its half-days, which can be changed here one by one or all at once. */
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from '@angular/core';
import { Dialog } from '@angular/cdk/dialog';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { PlanningBoard } from '../../../../api/models/planning-board';
import { SessionHalfDayRow } from '../../../../api/models/session-half-day-row';
import { SessionRecord } from '../../../../api/models/session-record';
import { Session } from '../../../../shared/auth/session';
import { newerIn } from '../../../../shared/forms/lost-race';
import { ProblemError, Problems } from '../../../../shared/http/problem';
import { today } from '../../../../shared/i18n/format';
import { Icon } from '../../../../shared/ui/icon';
import { Failed, Loading } from '../../../../shared/ui/states';
import { ToastStore } from '../../../../shared/ui/toast-store';
import { SessionClient } from '../../data/session-client';
import { StatusChip } from '../../ui/status-chip';
import { Slot, order } from '../../util/planning/days';
import { applied, following, moved, sameRow } from '../../util/planning/moves';
import { HalfDaysDialog } from '../half-days-dialog';
import { HalfDayForm, Typed } from './half-day-form';
import { PlanningWords, namesOf } from './words';

@Component({
  selector: 'afpi-session-side',
  imports: [Failed, HalfDayForm, Icon, Loading, RouterLink, StatusChip, TranslocoPipe],
  host: { '(keydown.escape)': 'closed.emit()' },
  templateUrl: './session-side.html',
  styleUrl: './session-side.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SessionSide {
  readonly id = input.required<string>();
  /** The half-day that was chosen on the board. */
  readonly slot = input<Slot | null>(null);
  readonly board = input<PlanningBoard | null>(null);
  readonly takesFocus = input(false);
  /** The session's half-days have changed. */
  readonly planned = output();
  readonly picked = output<Slot>();
  readonly closed = output();
  readonly #client = inject(SessionClient);
  readonly #dialog = inject(Dialog);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #me = inject(Session);
  protected readonly words = inject(PlanningWords);
  /** Read again when the board has a newer version. */
  protected readonly record = resource({
    params: () => ({
      id: this.id(),
      version: this.board()?.sessions.find(({ id }) => id === this.id())?.version,
    }),
    loader: ({ params }) => this.#client.get(params.id),
  });
  /** What was read before stays until the next answer. */
  protected readonly session = linkedSignal<SessionRecord | undefined, SessionRecord | undefined>({
    source: () => (this.record.hasValue() ? this.record.value() : undefined),
    computation: (now, before) => {
      const last = before?.value;
      return now ?? (last?.id === this.id() ? last : undefined);
    },
  });
  protected readonly names = computed(() => namesOf(this.board() ?? undefined));
  protected readonly editable = computed(() => this.#me.can('sessions:write') && this.session()?.rows !== undefined);
  /** The row that is being changed; `from` null: a new one. */
  protected readonly typing = linkedSignal<string, { from: SessionHalfDayRow | null; row: SessionHalfDayRow } | null>({
    source: this.id,
    computation: () => null,
  });
  protected readonly busy = signal(false);
  protected readonly refusals = signal<readonly string[]>([]);
  /** The rows of the session, with trainers and rooms by name. */
  protected readonly lines = computed(() => {
    const session = this.session();
    const name = (id: string | null | undefined): string[] => (id ? [this.names().get(id) ?? '…'] : []);
    if (!session) return [];
    return session.rows
      ? session.rows.map((row) => ({ row, who: [...name(row.formateurId), ...name(row.salleId)] }))
      : session.halfDays.map(({ day, half, formateurs, salles }) => ({
          row: { day, half },
          who: [...formateurs, ...salles],
        }));
  });

  protected readonly seats = computed(() => {
    const session = this.session();
    if (!session) return '';
    const n = session.stagiaires.filter(({ takesPart }) => takesPart).length;
    const max = session.capacityMax;
    return max ? this.words.say('peopleOf', { n, max }) : this.words.say('people', { n });
  });

  constructor() {
    afterNextRender(() => {
      if (this.takesFocus()) this.#host.querySelector<HTMLElement>('h2')?.focus();
    });
  }

  protected isChosen(row: SessionHalfDayRow): boolean {
    const slot = this.slot();
    return slot !== null && order(slot) === order(row);
  }
  protected edit(row: SessionHalfDayRow): void {
    this.picked.emit({ day: row.day, half: row.half });
    this.refusals.set([]);
    this.typing.set({ from: row, row });
  }
  protected add(): void {
    this.refusals.set([]);
    this.typing.set({ from: null, row: following(this.session()?.rows ?? [], today()) });
  }
  protected stop(): void {
    this.typing.set(null);
    this.refusals.set([]);
  }

  protected async save({ row, all }: Typed): Promise<void> {
    const [rows, from] = [this.session()?.rows ?? [], this.typing()?.from ?? null];
    const after = from ? moved(rows, [{ from, to: row }]) : moved([...rows, row], []);
    if (!after) this.refusals.set([this.words.say('stale')]);
    else await this.#write(all ? applied(after, row) : after, 'side.saved');
  }
  protected async remove(): Promise<void> {
    const [rows, from] = [this.session()?.rows ?? [], this.typing()?.from];
    const at = rows.findIndex((row) => from && sameRow(row, from));
    if (at >= 0) await this.#write(moved(rows.toSpliced(at, 1), []) ?? [], 'side.removed');
  }
  protected async plan(): Promise<void> {
    const ref = this.#dialog.open<SessionRecord | null>(HalfDaysDialog, {
      data: this.session(),
      panelClass: 'dialog-panel',
      ariaLabelledBy: 'half-days-plan',
    });
    const saved = await firstValueFrom(ref.closed);
    if (saved) this.#show(saved);
  }

  async #write(rows: SessionHalfDayRow[], said: 'side.saved' | 'side.removed'): Promise<void> {
    const session = this.session();
    if (!session || this.busy()) return;
    this.busy.set(true);
    this.refusals.set([]);
    try {
      const before = moved(session.rows ?? [], []) ?? [];
      const saved = await this.#client.plan(session, rows);
      this.#show(saved);
      this.#toasts.undoable(this.words.say(said, { numero: session.numero }), () => this.#undo(saved, before));
    } catch (error) {
      const newer = newerIn<SessionRecord>(error);
      if (newer) this.#show(newer);
      this.refusals.set(newer ? [this.words.say('stale')] : this.#said(error));
    } finally {
      this.busy.set(false);
    }
  }
  /** The messages at the rows say more than the sentence about all of them. */
  #said(error: unknown): string[] {
    const fields = error instanceof ProblemError ? [...new Set(error.fields.values())] : [];
    return fields.length ? fields : [this.#problems.message(error)];
  }
  #show(now: SessionRecord): void {
    this.session.set(now);
    this.typing.set(null);
    this.planned.emit();
  }
  async #undo(saved: SessionRecord, before: SessionHalfDayRow[]): Promise<void> {
    try {
      this.#show(await this.#client.plan(saved, before));
      this.#toasts.done(this.words.common('undone'));
    } catch (error) {
      this.#problems.report(error);
    }
  }
}
