/** The planning of all trainers or rooms: a board by day, week or month; on a phone a list by day. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { DOCUMENT } from '@angular/common';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../../shared/auth/session';
import { Site } from '../../../../shared/auth/site';
import { newerIn } from '../../../../shared/forms/lost-race';
import { ProblemError, Problems } from '../../../../shared/http/problem';
import { today } from '../../../../shared/i18n/format';
import { Filter } from '../../../../shared/ui/filter';
import { FilterBar } from '../../../../shared/ui/filter-bar';
import { Icon } from '../../../../shared/ui/icon';
import { queryState } from '../../../../shared/ui/query-state';
import { Empty, Failed, Loading } from '../../../../shared/ui/states';
import { ToastStore } from '../../../../shared/ui/toast-store';
import { SessionRecord } from '../../../../api/models/session-record';
import { PlanningStore } from '../../data/planning-store';
import { Bar, Entry, Of, linesOf } from '../../util/planning/board';
import { Slot, VIEWS, View, daysOf, followed, slotsOf, stepped } from '../../util/planning/days';
import { shownLines, skillsOf } from '../../util/planning/filter';
import { Place } from '../../util/planning/walk';
import { dropped } from '../../util/planning/moves';
import { rowOf } from '../../util/planning/preview';
import { Drop, PlanningBoardTable, Refusal } from './planning-board';
import { PlanningList } from './planning-list';
import { SessionSide } from './session-side';
import { PlanningWords, namesOf } from './words';

/** Below it the board is a list. */
const NARROW = '(width <= 760px)';

@Component({
  imports: [
    Empty,
    Failed,
    FilterBar,
    Icon,
    Loading,
    PlanningBoardTable,
    PlanningList,
    RouterLink,
    SessionSide,
    TranslocoPipe,
  ],
  providers: [PlanningStore],
  templateUrl: './planning.html',
  styleUrl: './planning.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Planning {
  readonly #me = inject(Session);
  readonly #site = inject(Site);
  readonly #router = inject(Router);
  readonly #problems = inject(Problems);
  readonly #toasts = inject(ToastStore);
  readonly #words = inject(PlanningWords);
  protected readonly store = inject(PlanningStore);
  protected readonly table = viewChild(PlanningBoardTable);
  readonly #trainers = this.#me.can('formateurs:read');
  protected readonly today = today();
  protected readonly views = VIEWS;
  protected readonly ofs: readonly Of[] = this.#trainers ? ['formateurs', 'salles'] : ['salles'];
  protected readonly place = queryState({ de: this.ofs[0] ?? 'salles', vue: 'semaine', date: '', session: '' });
  protected readonly filters = queryState({ q: '', competence: '', site: '', conflits: '' });
  protected readonly of = computed<Of>(() => this.ofs.find((of) => of === this.place.values().de) ?? 'salles');
  protected readonly view = computed<View>(() => VIEWS.find((view) => view === this.place.values().vue) ?? 'semaine');
  protected readonly date = computed(() => {
    const { date } = this.place.values();
    return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) ? date : this.today;
  });
  protected readonly days = computed(() => daysOf(this.view(), this.date()));
  protected readonly editable = computed(() => this.#me.can('sessions:write'));
  protected readonly narrow = signal(false);
  protected readonly slot = signal<Slot | null>(null);
  protected readonly refusal = signal<Refusal | null>(null);
  /** The panel was opened by keyboard: it takes the focus, and gives it back. */
  protected readonly byKeyboard = signal(false);
  protected readonly legend = ['booked', 'proposed', 'taken', 'off', 'absence', 'lapsed', 'clash'] as const;
  readonly #opener = signal<Place | null>(null);

  protected readonly names = computed(() => namesOf(this.store.board()));
  protected readonly all = computed(() => {
    const board = this.store.board();
    return board && linesOf(board, this.of(), slotsOf(this.days()));
  });
  protected readonly lines = computed(() => {
    const { q, competence, conflits } = this.filters.values();
    return shownLines(this.all() ?? [], { q, skill: competence, onlyClashes: conflits !== '' });
  });
  protected readonly clashes = computed(() => this.lines().reduce((sum, line) => sum + line.clashes, 0));
  protected readonly quiet = computed(() =>
    this.lines().every(({ cells }) => cells.every((cell) => !cell.bars.length)),
  );
  protected readonly choices = computed<Filter[]>(() => [
    ...(this.of() === 'formateurs'
      ? [
          {
            ...{ name: 'competence', label: 'planning.skill', any: 'planning.anySkill' },
            options: skillsOf(this.all() ?? []).map((value) => ({ value, name: value })),
          },
        ]
      : []),
    // The choice of the frame, when there is one, comes first.
    ...(this.#site.current() || this.#site.mine().length < 2
      ? []
      : [
          {
            ...{ name: 'site', label: 'planning.site', any: 'planning.anySite' },
            options: this.#site.mine().map(({ id, name }) => ({ value: id, name })),
          },
        ]),
    { name: 'conflits', label: 'planning.onlyClashes', on: '1' },
  ]);
  protected readonly period = computed(() => {
    const [first = '', last = ''] = [this.days()[0], this.days().at(-1)];
    return this.#words.period(this.view(), first, last);
  });
  protected readonly title = computed(() =>
    this.#words.say('board', { of: this.#words.say(`ofNames.${this.of()}`), period: this.period() }),
  );

  constructor() {
    const narrow = inject(DOCUMENT).defaultView?.matchMedia(NARROW);
    if (narrow) {
      const told = (): void => {
        this.narrow.set(narrow.matches);
      };
      told();
      narrow.addEventListener('change', told);
      inject(DestroyRef).onDestroy(() => {
        narrow.removeEventListener('change', told);
      });
    }
    effect(() => {
      const days = this.days();
      const [from, to] = [days[0] ?? this.today, days.at(-1) ?? this.today];
      const site = this.filters.values().site;
      const at = { ...(site ? { localisationId: site } : {}), ...this.#site.filter() };
      untracked(() => {
        this.refusal.set(null);
        this.store.show({ from, to, ...at });
      });
    });
  }

  protected step(by: -1 | 1): void {
    this.place.set({ date: stepped(this.view(), this.date(), by) });
  }
  protected opened({ bar, slot, keyboard }: { bar: Bar; slot: Slot; keyboard: boolean }): void {
    const { session, taken } = bar;
    this.byKeyboard.set(keyboard);
    if (session) {
      this.open(session.id, slot, keyboard ? (this.table()?.where() ?? null) : null);
    } else if (taken?.opportunite) void this.#router.navigate(['/opportunites', taken.opportunite.id]);
    else if (taken?.session) void this.#router.navigate(['/sessions', taken.session.id]);
  }
  protected open(session: string, slot: Slot | null, opener: Place | null): void {
    this.slot.set(slot);
    this.#opener.set(opener);
    this.refusal.set(null);
    this.place.set({ session });
  }
  protected close(): void {
    const opener = this.#opener();
    this.place.set({ session: '' });
    if (opener) this.table()?.focus(opener);
  }

  /** A session that follows a planning says where it is changed. */
  protected stuck({ entry, place }: { entry: Entry; place: Place }): void {
    const { id, numero } = entry.session;
    const said = this.#words.say('follows', { numero });
    this.refusal.set({ place, title: said, lines: [], session: id });
  }

  protected async drop({ entries, line, to, place }: Drop): Promise<void> {
    const session = entries[0]?.session;
    if (!session) return;
    this.refusal.set(null);
    const targets = followed(
      entries.map(({ halfDay }) => halfDay),
      to,
    );
    const moves = entries.map(({ halfDay }, at) => {
      const from = rowOf(halfDay);
      return { from, to: dropped(from, targets[at] ?? to, this.of(), line.id) };
    });
    try {
      const planned = await this.store.move(session.id, moves);
      if (!planned) {
        this.#refuse(place, this.#words.say('stale'));
        return;
      }
      const name = line.name || this.#words.say(`nobody.${this.of()}`);
      const values = { numero: session.numero, n: moves.length, at: `${this.#words.at(to)} · ${name}` };
      const { before, now } = planned;
      this.#toasts.undoable(this.#words.say(moves.length > 1 ? 'movedMany' : 'moved', values), () =>
        this.#undo(now, before),
      );
      this.table()?.focus(place);
    } catch (error) {
      this.#told(error, place);
    }
  }
  async #undo(now: SessionRecord, before: Parameters<PlanningStore['plan']>[1]): Promise<void> {
    try {
      await this.store.plan(now, before);
      this.#toasts.done(this.#words.common('undone'));
    } catch (error) {
      this.#problems.report(error);
    }
  }
  #told(error: unknown, place: Place): void {
    if (newerIn<SessionRecord>(error)) this.#refuse(place, this.#words.say('stale'));
    else if (error instanceof ProblemError && error.status < 500)
      this.#refuse(place, this.#problems.message(error), [...new Set(error.fields.values())].slice(0, 4));
    else this.#problems.report(error);
  }
  #refuse(place: Place, title: string, lines: readonly string[] = []): void {
    this.refusal.set({ place, title, lines, session: null });
    this.table()?.focus(place);
  }
}
