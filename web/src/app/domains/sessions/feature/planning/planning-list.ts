/** The planning on a phone: for each day its sessions, and who is away. */
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { SessionItem } from '../../../../api/models/session-item';
import { Half } from '../../../../api/models/half';
import { isDayOff, isHoliday } from '../../../../shared/calendar/holidays';
import { DayPipe } from '../../../../shared/i18n/pipes';
import { Icon } from '../../../../shared/ui/icon';
import { Line, Of } from '../../util/planning/board';
import { Clash } from '../../util/planning/clashes';
import { Slot } from '../../util/planning/days';
import { toneOf } from './planning-row';
import { Names, PlanningWords } from './words';

/** A session on a day. */
interface Item {
  session: SessionItem;
  halves: Half[];
  people: string[];
  proposed: boolean;
  clashes: Clash[];
}

@Component({
  selector: 'afpi-planning-list',
  imports: [DayPipe, Icon, TranslocoPipe],
  template: `
    @for (one of agenda(); track one.day) {
      <section [attr.aria-labelledby]="'day-' + one.day" [class.off]="one.off">
        <h2 [id]="'day-' + one.day" [class.now]="one.day === today()">
          <span>{{ one.day | day: 'near' }}</span>
          @if (one.holiday) {
            <span class="chip tone-violet">{{ 'planning.off.holiday' | transloco }}</span>
          }
        </h2>
        @if (one.away.length) {
          <p class="small away">
            <afpi-icon name="user" [size]="14" /><span
              ><span class="strong">{{ 'planning.absences' | transloco }}</span
              >{{ 'planning.colon' | transloco }}{{ one.away.join(', ') }}</span
            >
          </p>
        }
        <ul>
          @for (item of one.items; track item.session.id) {
            <li>
              <button
                type="button"
                class="item tone-{{ tone(item.session.id) }}"
                [class.proposed]="item.proposed"
                [class.clash]="item.clashes.length"
                (click)="opened.emit({ session: item.session.id, slot: { day: one.day, half: item.halves[0]! } })"
              >
                <span class="head"
                  ><b>{{ item.session.numero }}</b
                  ><span class="num">{{ words.people(item.session) }}</span></span
                >
                <span class="title">{{ item.session.title }}</span>
                <span class="small">
                  {{ (item.halves.length > 1 ? 'planning.wholeDay' : 'half.' + item.halves[0]) | transloco }}
                  · {{ item.session.localisation.name }}
                  @if (item.people.length) {
                    · {{ item.people.join(', ') }}
                  }
                </span>
                @if (item.proposed) {
                  <span class="small">{{ 'planning.proposed' | transloco }}</span>
                }
                @for (clash of words.clashes(item.clashes); track clash) {
                  <span class="small problem"><afpi-icon name="warning" [size]="13" />{{ clash }}</span>
                }
              </button>
            </li>
          } @empty {
            <li class="muted small">{{ 'planning.dayFree' | transloco }}</li>
          }
        </ul>
      </section>
    }
  `,
  styles: `
    :host,
    ul {
      display: flex;
      flex-direction: column;
      gap: 14px;
    }
    ul {
      gap: 8px;
    }
    h2 {
      position: sticky;
      top: 0;
      z-index: 1;
      display: flex;
      gap: 8px;
      align-items: center;
      padding: 6px 0;
      background: var(--bg);
      font-size: 14px;
    }
    h2 > span {
      display: block;
    }
    h2 > span::first-letter {
      text-transform: uppercase;
    }
    .now {
      color: var(--primary);
    }
    .off h2 {
      color: var(--muted);
      font-weight: 400;
    }
    .away {
      display: flex;
      gap: 6px;
      align-items: baseline;
      margin-bottom: 8px;
      color: var(--muted);
    }
    .item {
      display: flex;
      flex-direction: column;
      gap: 2px;
      width: 100%;
      padding: 10px 12px;
      border: 1px solid color-mix(in srgb, currentcolor 30%, transparent);
      border-left-width: 4px;
      border-radius: var(--radius);
      text-align: left;
      cursor: pointer;
    }
    .item.proposed {
      border-style: dashed;
      border-left-style: solid;
      background: var(--surface);
    }
    .item.clash {
      border-color: var(--bad);
    }
    .head {
      display: flex;
      justify-content: space-between;
    }
    .title,
    .item > .small {
      color: var(--text);
    }
    .title {
      font-weight: 600;
    }
    .item > .problem {
      display: flex;
      gap: 5px;
      align-items: center;
      color: var(--bad);
      font-weight: 550;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlanningList {
  readonly lines = input.required<readonly Line[]>();
  readonly days = input.required<readonly string[]>();
  readonly of = input.required<Of>();
  readonly names = input.required<Names>();
  readonly today = input.required<string>();
  readonly opened = output<{ session: string; slot: Slot }>();
  protected readonly words = inject(PlanningWords);
  protected readonly tone = toneOf;
  protected readonly agenda = computed(() => {
    const days = this.days().map((day, at) => {
      const items = new Map<string, Item>();
      const away: string[] = [];
      for (const line of this.lines()) {
        const cells = line.cells.slice(at * 2, at * 2 + 2);
        const gone = cells.flatMap(({ off }) => off).find(({ why }) => why === 'absence');
        if (gone) away.push('name' in gone && gone.name ? `${line.name} (${gone.name})` : line.name);
        for (const { session, halfDay, clashes } of cells.flatMap(({ entries }) => entries)) {
          const item = items.get(session.id) ?? { session, halves: [], people: [], proposed: false, clashes: [] };
          items.set(session.id, item);
          if (!item.halves.includes(halfDay.half)) item.halves.push(halfDay.half);
          for (const id of [halfDay.formateur, halfDay.salle]) {
            const name = id ? (this.names().get(id) ?? id) : null;
            if (name && !item.people.includes(name)) item.people.push(name);
          }
          item.proposed ||= !halfDay.booked;
          item.clashes.push(...clashes);
        }
      }
      return { day, off: isDayOff(day), holiday: isHoliday(day), away, items: [...items.values()] };
    });
    // Of the days off only those on which something happens, or which are public holidays.
    return days.filter(({ off, holiday, items }) => !off || holiday || items.length || days.length === 1);
  });
}
