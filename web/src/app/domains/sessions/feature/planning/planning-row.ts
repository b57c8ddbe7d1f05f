/** A line of the planning board: a trainer or a room, and a cell per half-day. It draws what it is given. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '../../../../shared/ui/icon';
import { Bar, Line, Of } from '../../util/planning/board';
import { Slot } from '../../util/planning/days';
import { Names, PlanningWords } from './words';

/** More sessions at once than this are folded, on the line of what has nobody yet. */
export const LANES = 4;

@Component({
  // A row of a table has no element of its own around it.
  // eslint-disable-next-line @angular-eslint/component-selector
  selector: 'tr[afpiPlanningRow]',
  imports: [Icon, RouterLink, TranslocoPipe],
  templateUrl: './planning-row.html',
  styleUrl: './planning-row.scss',
  host: { '[style.--lanes]': 'shown() || 1', '[class.nobody]': 'line().id === null' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlanningRow {
  readonly line = input.required<Line>();
  readonly at = input.required<number>();
  readonly of = input.required<Of>();
  readonly slots = input.required<readonly Slot[]>();
  /** The half-days in words. */
  readonly columns = input.required<readonly string[]>();
  readonly names = input.required<Names>();
  /** The column that the keyboard reaches, -1 for the name; null when it is on another line. */
  readonly here = input.required<number | null>();
  /** The column over which something is held. */
  readonly target = input<number | null>(null);
  /** The half-days that are held. */
  readonly held = input<ReadonlySet<string> | null>(null);
  /** The session that is open beside the board. */
  readonly open = input<string | null>(null);
  readonly today = input.required<string>();
  readonly unfolded = input(false);
  readonly fold = output<boolean>();
  readonly #words = inject(PlanningWords);
  protected readonly most = LANES;
  protected readonly shown = computed(() =>
    this.line().id === null && !this.unfolded() ? Math.min(this.line().lanes, LANES) : this.line().lanes,
  );
  protected readonly share = computed(() => {
    const { busy, open } = this.line().load;
    return open ? Math.min(100, Math.round((busy / open) * 100)) : 0;
  });
  protected readonly name = computed(() => this.line().name || this.#words.say(`nobody.${this.of()}`));
  /** What the cells say and look like. */
  protected readonly cells = computed(() => {
    const [line, names, shown] = [this.line(), this.names(), this.shown()];
    const colon = this.#words.say('colon');
    return line.cells.map((cell, at) => {
      const off = cell.off.map((one) => this.#words.off(one)).join(' ; ');
      return {
        label: `${this.name()}, ${this.columns()[at] ?? ''}${colon}${this.#words.cell(cell, names)}`,
        title: off || null,
        tone: cell.off[0]?.why ?? '',
        day: this.slots()[at]?.half === 'am',
        now: this.slots()[at]?.day === this.today(),
        bars: cell.bars.filter(({ lane }) => lane < shown).map((bar) => this.#bar(bar, names)),
      };
    });
  });

  #bar(bar: Bar, names: Names): { bar: Bar; tone: string; title: string; beside: string; label: string } {
    const { session, taken } = bar;
    return {
      bar,
      tone: session ? `tone-${toneOf(session.id)}` : 'taken',
      title: bar.entries[0] ? this.#words.entry({ ...bar.entries[0], clashes: bar.clashes }, names) : '',
      label: taken ? this.#words.taken(taken) : (session?.title ?? ''),
      beside: this.#words.beside(bar, names, this.of() === 'formateurs' ? 'salle' : 'formateur'),
    };
  }
  protected isHeld(bar: Bar): boolean {
    const held = this.held();
    return (
      held !== null &&
      bar.entries.some(({ halfDay }) => held.has(`${bar.session?.id ?? ''} ${halfDay.day} ${halfDay.half}`))
    );
  }
}

/** The colour of a session: always the same one. */
export function toneOf(id: string): number {
  return Array.from(id).reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 9973, 7) % 6;
}
