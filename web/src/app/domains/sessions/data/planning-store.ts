/** The planning of a stretch of days. What was read before stays until the next answer is there. */
import { Injectable, computed, inject, linkedSignal, resource, signal } from '@angular/core';
import { Api } from '../../../api/api';
import { GetPlanningBoard$Params, getPlanningBoard } from '../../../api/fn/planning/get-planning-board';
import { PlanningBoard } from '../../../api/models/planning-board';
import { SessionHalfDayRow } from '../../../api/models/session-half-day-row';
import { SessionRecord } from '../../../api/models/session-record';
import { Move, moved } from '../util/planning/moves';
import { shifted } from '../util/planning/preview';
import { SessionClient } from './session-client';

/** What a move asked for: the session as it was, and as it is now. */
export interface Planned {
  before: SessionHalfDayRow[];
  now: SessionRecord;
}

@Injectable()
export class PlanningStore {
  readonly #api = inject(Api);
  readonly #sessions = inject(SessionClient);
  readonly #asked = signal<GetPlanningBoard$Params | undefined>(undefined);
  readonly #read = resource({
    params: () => this.#asked(),
    loader: ({ params }) => this.#api.invoke(getPlanningBoard, params),
  });
  readonly #last = linkedSignal<PlanningBoard | undefined, PlanningBoard | undefined>({
    source: () => (this.#read.hasValue() ? this.#read.value() : undefined),
    computation: (now, before) => now ?? before?.value,
  });
  /** Moves that the server has not answered yet: they show at once. */
  readonly #coming = signal<{ session: string; moves: readonly Move[] } | null>(null);

  readonly board = computed(() => {
    const [board, coming] = [this.#last(), this.#coming()];
    return board && coming ? shifted(board, coming.session, coming.moves) : board;
  });
  readonly error = computed(() => this.#read.error());
  readonly busy = computed(() => this.#read.isLoading());

  show(params: GetPlanningBoard$Params): void {
    this.#asked.set(params);
  }
  reload(): void {
    this.#read.reload();
  }

  /** Moves rows of a session. Null: they are no longer as they were shown. Any refusal leaves the board as it was. */
  async move(session: string, moves: readonly Move[]): Promise<Planned | null> {
    this.#coming.set({ session, moves });
    try {
      const record = await this.#sessions.get(session);
      const before = record.rows ?? [];
      const rows = moved(before, moves);
      if (!rows) return null;
      const now = await this.#sessions.plan(record, rows);
      const board = this.#last();
      if (board) this.#last.set(shifted(board, session, moves));
      return { before, now };
    } finally {
      this.#coming.set(null);
      this.reload();
    }
  }

  /** Writes these rows over the session as it is known. */
  async plan(session: SessionRecord, rows: SessionHalfDayRow[]): Promise<SessionRecord> {
    try {
      return await this.#sessions.plan(session, rows);
    } finally {
      this.reload();
    }
  }
}
