/** The attendance at a session as a grid that is quick by keyboard: one cell can be reached, arrows move, letters note. */
import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { AttendanceCell } from '../../../api/models/attendance-cell';
import { AttendanceGrid } from '../../../api/models/attendance-grid';
import { AttendanceMark } from '../../../api/models/attendance-mark';
import { AttendanceRow } from '../../../api/models/attendance-row';
import { AttendanceState } from '../../../api/models/attendance-state';
import { SessionHalfDay } from '../../../api/models/session-half-day';
import { DayPipe, Format } from '../../../shared/i18n/pipes';
import { Place, STATES, cellOf, moved, stateOf } from '../util/grid';

@Component({
  selector: 'afpi-attendance-table',
  imports: [DayPipe, TranslocoPipe],
  template: `
    <p class="muted small hint" id="attendance-hint">{{ 'sessions.attendanceHint' | transloco }}</p>
    <div class="table-wrap" tabindex="-1">
      <table
        class="table"
        role="grid"
        [attr.aria-label]="'sessions.attendance' | transloco"
        aria-describedby="attendance-hint"
      >
        <thead>
          <tr>
            <th scope="col" class="who">{{ 'sessions.people' | transloco }}</th>
            @for (half of grid().halfDays; track half.day + half.half) {
              <th scope="col" class="half">
                <span>{{ half.day | day }}</span>
                <span class="muted">{{ 'half.' + half.half | transloco }}</span>
                @if (anyEditable()) {
                  <button
                    type="button"
                    class="btn btn-s"
                    [attr.aria-label]="'sessions.all' | transloco: { at: at(half) }"
                    (click)="all(half)"
                  >
                    {{ 'sessions.allShort' | transloco }}
                  </button>
                }
              </th>
            }
            <th scope="col" class="num">{{ 'sessions.total' | transloco }}</th>
          </tr>
        </thead>
        <tbody>
          @for (row of grid().stagiaires; track row.id; let y = $index) {
            <tr>
              <th scope="row" class="who">
                <span class="name">{{ row.name }}</span>
                @if (row.company) {
                  <span class="muted small">{{ row.company }}</span>
                }
              </th>
              @for (half of grid().halfDays; track half.day + half.half; let x = $index) {
                @let noted = cell(row, half);
                <td
                  role="gridcell"
                  class="mark"
                  [class]="noted ? 'mark ' + noted.state : 'mark'"
                  [attr.tabindex]="here().row === y && here().column === x ? 0 : -1"
                  [attr.data-at]="y + ':' + x"
                  [attr.aria-readonly]="!row.editable"
                  [attr.aria-label]="said(row, half)"
                  [attr.title]="told(noted)"
                  (focus)="here.set({ row: y, column: x })"
                  (keydown)="key($event)"
                  (click)="next(row, half)"
                >
                  @if (noted) {
                    <span aria-hidden="true">{{ 'sessions.letters.' + noted.state | transloco }}</span>
                    @if (noted.state === 'late') {
                      <span class="late" aria-hidden="true">{{ noted.lateMinutes }}</span>
                    }
                  } @else {
                    <span class="muted" aria-hidden="true">·</span>
                  }
                </td>
              }
              <td class="num">{{ total(row) }}</td>
            </tr>
          }
        </tbody>
      </table>
    </div>
    @if (late(); as late) {
      <p class="row late-row">
        <label class="row-nowrap" for="late-minutes"
          >{{ 'sessions.lateFor' | transloco: { name: late.row.name } }}
          <input
            id="late-minutes"
            class="input input-s"
            type="number"
            min="1"
            [attr.max]="late.half.minutes - 1"
            [value]="late.cell.lateMinutes"
            (change)="minutes($any($event.target).value)"
        /></label>
      </p>
    }
  `,
  styles: `
    .hint,
    .late-row {
      padding: 8px 18px;
    }
    .who {
      min-width: 150px;
      text-align: start;
      position: sticky;
      left: 0;
      background: var(--surface);
      z-index: 1;
    }
    thead .who {
      background: var(--surface-2);
    }
    .who span,
    .half span {
      display: block;
    }
    .name {
      font-weight: 600;
    }
    .half {
      text-align: center;
      white-space: nowrap;
    }
    .mark {
      min-width: 64px;
      text-align: center;
      font-weight: 650;
      cursor: pointer;
      border-inline-start: 1px solid var(--border);
    }
    .mark:focus-visible {
      outline: 2px solid var(--primary);
      outline-offset: -2px;
    }
    .mark[aria-readonly='true'] {
      cursor: default;
    }
    .present {
      color: var(--good);
    }
    .absent {
      color: var(--bad);
    }
    .excused,
    .late {
      color: var(--warn);
    }
    .late .late {
      font-weight: 400;
      font-size: 0.85em;
      margin-inline-start: 3px;
    }
    #late-minutes {
      width: 90px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AttendanceTable {
  readonly grid = input.required<AttendanceGrid>();
  /** Cells to note. */
  readonly mark = output<AttendanceMark[]>();
  readonly #format = inject(Format);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #transloco = inject(TranslocoService);
  /** The cell that the keyboard reaches. */
  protected readonly here = signal<Place>({ row: 0, column: 0 });
  protected readonly anyEditable = computed(() => this.grid().stagiaires.some(({ editable }) => editable));
  /** The present cell, when somebody was late there and the reader may say how much. */
  protected readonly late = computed(() => {
    const row = this.grid().stagiaires[this.here().row];
    const half = this.grid().halfDays[this.here().column];
    if (!row?.editable || !half) return null;
    const cell = cellOf(row, half.day, half.half);
    return cell?.state === 'late' ? { row, half, cell } : null;
  });

  protected cell(row: AttendanceRow, { day, half }: SessionHalfDay): AttendanceCell | undefined {
    return cellOf(row, day, half);
  }
  protected at({ day, half }: SessionHalfDay): string {
    return `${this.#format.day(day, 'long')}, ${this.#transloco.translate(`half.${half}`)}`;
  }
  protected said(row: AttendanceRow, half: SessionHalfDay): string {
    const noted = this.cell(row, half);
    const state = this.#transloco.translate(noted ? `sessions.states.${noted.state}` : 'sessions.open');
    return this.#transloco.translate('sessions.cell', { name: row.name, at: this.at(half), state });
  }
  protected told(noted: AttendanceCell | undefined): string | null {
    if (!noted) return null;
    const when = this.#format.instant(noted.markedAt);
    const by = noted.markedBy
      ? this.#transloco.translate('sessions.by', { who: noted.markedBy, when })
      : this.#transloco.translate('sessions.byNobody', { when });
    return noted.state === 'late'
      ? `${this.#transloco.translate('sessions.late', { n: noted.lateMinutes })}. ${by}`
      : by;
  }
  protected total({ minutesDone, minutesPlanned }: AttendanceRow): string {
    const hours = (minutes: number): string => this.#format.count(Math.round((minutes / 60) * 100) / 100, 2);
    return this.#transloco.translate('sessions.totalOf', {
      done: hours(minutesDone),
      planned: hours(minutesPlanned),
    });
  }

  protected key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { stagiaires, halfDays } = this.grid();
    const next = moved(this.here(), event.key, stagiaires.length, halfDays.length);
    if (next) {
      event.preventDefault();
      this.#go(next);
      return;
    }
    const state = stateOf(event.key);
    const row = stagiaires[this.here().row];
    const half = halfDays[this.here().column];
    if (state === undefined || !row?.editable || !half) return;
    event.preventDefault();
    this.#note(row, half, state);
    // Late stays here: the minutes follow.
    if (state !== 'late') {
      const below = moved(this.here(), 'ArrowDown', stagiaires.length, halfDays.length);
      if (below) this.#go(below);
    }
  }
  /** A click goes through the states. */
  protected next(row: AttendanceRow, half: SessionHalfDay): void {
    if (!row.editable) return;
    const now = this.cell(row, half)?.state;
    this.#note(row, half, now ? (STATES[STATES.indexOf(now) + 1] ?? null) : 'present');
  }
  /** Everybody of a half-day whose cell is open was there. */
  protected all({ day, half }: SessionHalfDay): void {
    const open = this.grid().stagiaires.filter((row) => row.editable && !cellOf(row, day, half));
    if (open.length) this.mark.emit(open.map(({ id }) => ({ stagiaireId: id, day, half, state: 'present' })));
  }
  protected minutes(typed: string): void {
    const late = this.late();
    const lateMinutes = Math.round(Number(typed));
    if (!late || !(lateMinutes >= 1 && lateMinutes < late.half.minutes)) return;
    const { day, half } = late.half;
    this.mark.emit([{ stagiaireId: late.row.id, day, half, state: 'late', lateMinutes }]);
  }

  #note({ id }: AttendanceRow, { day, half }: SessionHalfDay, state: AttendanceState | null): void {
    this.mark.emit([{ stagiaireId: id, day, half, state }]);
  }
  #go(place: Place): void {
    this.here.set(place);
    this.#host.querySelector<HTMLElement>(`[data-at="${place.row}:${place.column}"]`)?.focus();
  }
}
