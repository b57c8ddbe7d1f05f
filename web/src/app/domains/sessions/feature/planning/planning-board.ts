/**
 * The planning board as a grid: lines of trainers or rooms, columns of half-days. One cell can be reached by keyboard;
 * half-days are held and dropped with the mouse or the keyboard. Whoever uses it decides what a drop does.
 */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, output, signal } from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { isDayOff, isHoliday } from '../../../../shared/calendar/holidays';
import { DayPipe, Format } from '../../../../shared/i18n/pipes';
import { Icon } from '../../../../shared/ui/icon';
import { Bar, Entry, Line, Of } from '../../util/planning/board';
import { Slot, View, order, slotsOf } from '../../util/planning/days';
import { Place, nextClash, walked } from '../../util/planning/walk';
import { barAt, follow, placeAt } from './pointer';
import { PlanningRow } from './planning-row';
import { Names, PlanningWords } from './words';

/** Half-days of a session that are put on a half-day of a line. */
export interface Drop {
  entries: Entry[];
  line: Line;
  to: Slot;
  place: Place;
}

/** Why something cannot be done, told beside its cell. */
export interface Refusal {
  place: Place;
  title: string;
  lines: readonly string[];
  /** The session whose page says more. */
  session: string | null;
}

interface Held {
  entries: Entry[];
  /** By keyboard, or the pointer's place. */
  pointer: { x: number; y: number } | null;
}

@Component({
  selector: 'afpi-planning-board',
  imports: [DayPipe, Icon, PlanningRow, RouterLink, TranslocoPipe],
  host: { '(keydown)': 'key($event)', '(focusin)': 'focused($event)', '(pointerdown)': 'press($event)' },
  templateUrl: './planning-board.html',
  styleUrl: './planning-board.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlanningBoardTable {
  readonly lines = input.required<readonly Line[]>();
  readonly days = input.required<readonly string[]>();
  readonly of = input.required<Of>();
  readonly view = input.required<View>();
  readonly names = input.required<Names>();
  readonly title = input.required<string>();
  readonly today = input.required<string>();
  readonly busy = input(false);
  readonly editable = input(false);
  readonly open = input<string | null>(null);
  readonly refusal = input<Refusal | null>(null);
  /** Somebody opens the bar of this place; by keyboard the focus follows. */
  readonly opened = output<{ bar: Bar; slot: Slot; keyboard: boolean }>();
  readonly dropped = output<Drop>();
  /** A half-day that its session does not let go. */
  readonly stuck = output<{ entry: Entry; place: Place }>();
  readonly dismissed = output();
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #announcer = inject(LiveAnnouncer);
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  protected readonly words = inject(PlanningWords);

  protected readonly here = signal<Place>({ row: 0, column: 0 });
  protected readonly held = signal<Held | null>(null);
  protected readonly target = signal<Place | null>(null);
  protected readonly unfolded = signal(false);
  protected readonly slots = computed(() => slotsOf(this.days()));
  protected readonly columns = computed(() => this.slots().map((slot) => this.words.at(slot)));
  protected readonly heads = computed(() =>
    this.days().map((day) => ({
      day,
      off: isDayOff(day),
      holiday: isHoliday(day),
      // A day off is narrow as long as nothing happens on it.
      narrow: isDayOff(day) && !this.lines().some(({ cells }) => this.#busyOn(cells, day)),
      letter: new Intl.DateTimeFormat(this.#format.tag, { weekday: 'narrow', timeZone: 'UTC' }).format(
        Date.parse(`${day}T00:00:00Z`),
      ),
    })),
  );
  protected isNarrow(column: number): boolean {
    return this.heads()[Math.floor(column / 2)]?.narrow ?? false;
  }
  /** The lines by site; without names when there is only one. */
  protected readonly groups = computed(() => {
    const groups: { site: string; lines: { line: Line; at: number }[] }[] = [];
    this.lines().forEach((line, at) => {
      const last = groups.at(-1);
      if (last?.site === line.site) last.lines.push({ line, at });
      else groups.push({ site: line.site, lines: [{ line, at }] });
    });
    return groups;
  });
  protected readonly manySites = computed(() => new Set(this.lines().flatMap(({ site }) => site || [])).size > 1);
  protected readonly heldKeys = computed(() => {
    const held = this.held();
    return held && new Set(held.entries.map(({ session, halfDay }) => `${session.id} ${order(halfDay)}`));
  });
  /** Where the held half-day would go, and what is there. */
  protected readonly ghost = computed(() => {
    const [held, target] = [this.held(), this.target()];
    const line = this.lines()[target?.row ?? -1];
    const slot = this.slots()[target?.column ?? -1];
    const first = held?.entries[0];
    if (!held?.pointer || !line || !slot || !first) return null;
    const cell = line.cells[target?.column ?? -1];
    const others = cell?.entries.filter((entry) => !held.entries.includes(entry)) ?? [];
    const problems = [
      ...others.map(({ session }) => session.numero),
      ...(cell?.taken ?? []).map((one) => this.words.taken(one)),
      ...(cell?.off ?? []).map((off) => this.words.off(off)),
    ];
    const name = line.name || this.words.say(`nobody.${this.of()}`);
    const { x, y } = held.pointer;
    return { x, y, what: first.session.numero, at: `${this.words.at(slot)} · ${name}`, problems };
  });

  /** Goes to the next half-day with a conflict. */
  showClash(): void {
    const next = nextClash(this.lines(), this.here());
    if (!next) return;
    if (this.lines()[next.row]?.id === null) this.unfolded.set(true);
    this.focus(next);
  }
  where(): Place {
    return this.here();
  }
  focus(place: Place): void {
    this.here.set(place);
    const cell = this.#cell(place);
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    cell?.focus();
  }

  #cell({ row, column }: Place): HTMLElement | null {
    return this.#host.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`);
  }
  #busyOn(cells: Line['cells'], day: string): boolean {
    const at = this.days().indexOf(day) * 2;
    return cells.slice(at, at + 2).some(({ entries, taken }) => entries.length > 0 || taken.length > 0);
  }
  protected column(row: number, place: Place | null): number | null {
    return place?.row === row ? place.column : null;
  }
  /** Below its cell, in the scrolled area. */
  protected placeOf(refusal: Refusal): { left: string; top: string } {
    const cell = this.#cell(refusal.place);
    if (!cell) return { left: '12px', top: '60px' };
    const wide = this.#host.querySelector('table')?.clientWidth ?? 0;
    const left = Math.max(12, Math.min(cell.offsetLeft, wide - 330));
    return { left: `${left}px`, top: `${cell.offsetTop + cell.offsetHeight + 6}px` };
  }

  protected key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target as HTMLElement).dataset['at']) return;
    const next = walked(this.here(), event.key, this.lines().length, this.slots().length, this.held() ? 0 : -1);
    if (next) this.focus(next);
    else if (event.key === 'Escape' && (this.held() || this.refusal())) this.#letGo();
    else if (this.here().column < 0) return;
    else if (event.key === ' ' && !this.held()) this.#pick(event.shiftKey);
    else if ((event.key === 'Enter' || event.key === ' ') && this.held()) this.#drop(this.here());
    else if (event.key === 'Enter') this.#openHere();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.target.set(this.held() ? this.here() : null);
  }
  protected focused(event: FocusEvent): void {
    const place = placeAt(event.target as Element);
    if (place) this.here.set(place);
  }

  #openHere(): void {
    const { row, column } = this.here();
    const bars = this.#barsOver({ row, column });
    const at = bars.findIndex(({ session }) => session?.id === this.open());
    const bar = bars[(at + 1) % bars.length];
    const slot = this.slots()[column];
    if (bar && slot) this.opened.emit({ bar, slot, keyboard: true });
  }
  #barsOver({ row, column }: Place): Bar[] {
    const bars = this.lines()[row]?.cells.flatMap(({ bars }) => bars) ?? [];
    return bars.filter(({ start, length }) => start <= column && column < start + length);
  }
  #pick(all: boolean): void {
    const bar = this.#barsOver(this.here()).find(({ session }) => session);
    if (bar) this.#hold(bar, this.here(), all, null);
  }
  #hold(bar: Bar, place: Place, all: boolean, pointer: Held['pointer']): boolean {
    const slot = this.slots()[place.column];
    const entries = bar.entries.filter(({ halfDay }) => all || (slot && order(halfDay) === order(slot)));
    const first = entries[0];
    if (!this.editable() || !first) return false;
    this.dismissed.emit();
    if (!first.session.standalone) {
      this.stuck.emit({ entry: first, place });
      return false;
    }
    this.held.set({ entries, pointer });
    if (!pointer) this.#say('picked', { what: this.words.entry(first, this.names()) });
    return true;
  }
  #letGo(): void {
    if (this.held() && !this.held()?.pointer) this.#say('cancelled');
    this.held.set(null);
    this.target.set(null);
    this.dismissed.emit();
  }
  #drop(place: Place): void {
    const held = this.held();
    const line = this.lines()[place.row];
    const to = this.slots()[place.column];
    this.held.set(null);
    this.target.set(null);
    const first = held?.entries[0];
    if (!held || !first || !line || !to) return;
    this.here.set(place);
    const from = this.of() === 'formateurs' ? first.halfDay.formateur : first.halfDay.salle;
    if (order(first.halfDay) === order(to) && (from ?? null) === line.id) return;
    this.dropped.emit({ entries: held.entries, line, to, place });
  }
  #say(key: string, values: Record<string, unknown> = {}): void {
    void this.#announcer.announce(this.#transloco.translate(`planning.${key}`, values), 'assertive');
  }

  /** A press on a bar: it opens, or is dragged when the pointer moves. */
  protected press(event: PointerEvent): void {
    const place = placeAt(event.target as Element, event);
    const bar = place && this.#barsOver(place).find(({ key }) => key === barAt(event.target as Element));
    if (event.button !== 0 || !place || !bar) return;
    const slot = this.slots()[place.column];
    follow(event, {
      start: () => this.#hold(bar, place, event.shiftKey, { x: event.clientX, y: event.clientY }),
      over: (at, x, y) => {
        this.held.update((held) => held && { ...held, pointer: { x, y } });
        this.target.set(at);
      },
      drop: (at) => {
        if (at) this.#drop(at);
        else this.#letGo();
      },
      cancel: () => {
        this.#letGo();
      },
      click: () => {
        this.here.set(place);
        if (slot) this.opened.emit({ bar, slot, keyboard: false });
      },
    });
  }
}
