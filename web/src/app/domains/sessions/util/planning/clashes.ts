/** What is wrong with a half-day of a session: told at its place on the board. Pure. */
import { PlanningBoard } from '../../../../api/models/planning-board';
import { PlanningHalfDay } from '../../../../api/models/planning-half-day';
import { Salle } from '../../../../api/models/salle';
import { SessionItem } from '../../../../api/models/session-item';
import type { Cell, Entry, Of } from './board';

/**
 * - `twice`: the trainer or room has something else then; `name` is its number, if the reader may know it
 * - `away`: the trainer is away; `name` is the reason
 * - `lapsed`: `name` of the trainer has expired
 * - `travel`: the trainer is on another site, `name`, on the same day
 * - `small`: the room has `seats` places for a group of `group`
 * - `dayOff`: a weekend or a holiday
 */
export type Clash =
  | { kind: 'twice' | 'away' | 'lapsed' | 'travel'; name: string }
  | { kind: 'small'; name: string; seats: number; group: number }
  | { kind: 'dayOff' };

/** What is looked up for each half-day, found once for the board. */
export class Day {
  readonly #sessions: ReadonlyMap<string, SessionItem>;
  readonly #rooms: ReadonlyMap<string, Salle>;
  /** The half-days of a trainer on a day. */
  readonly #teaching = new Map<string, PlanningHalfDay[]>();

  constructor(board: PlanningBoard) {
    this.#sessions = new Map(board.sessions.map((one) => [one.id, one]));
    this.#rooms = new Map(board.salles.map((one) => [one.id, one]));
    for (const one of board.halfDays) {
      if (!one.formateur) continue;
      const key = `${one.formateur} ${one.day}`;
      this.#teaching.set(key, [...(this.#teaching.get(key) ?? []), one]);
    }
  }

  session(id: string): SessionItem | undefined {
    return this.#sessions.get(id);
  }
  room(id: string | null | undefined): Salle | undefined {
    return this.#rooms.get(id ?? '');
  }
  /** The first other site on which the trainer of this half-day is on its day. */
  elsewhere({ formateur, day }: PlanningHalfDay, site: string): string | null {
    const sites = (this.#teaching.get(`${formateur ?? ''} ${day}`) ?? []).map(({ sessionId }) =>
      this.session(sessionId),
    );
    return sites.find((one) => one && one.localisationId !== site)?.localisation.name ?? null;
  }
}

/** What is wrong with this entry of the cell. `of` is null on the line of what has no trainer or room yet. */
export function clashesOn({ session, halfDay }: Entry, cell: Cell, of: Of | null, day: Day): Clash[] {
  const found: Clash[] = [];
  if (of) {
    for (const other of new Set(cell.entries.map((entry) => entry.session)))
      if (other.id !== session.id) found.push({ kind: 'twice', name: other.numero });
    for (const { opportunite, session: other } of cell.taken)
      found.push({ kind: 'twice', name: opportunite?.numero ?? other?.numero ?? '' });
    for (const off of cell.off) {
      if (off.why === 'absence') found.push({ kind: 'away', name: off.name });
      else if (off.why === 'lapsed') found.push({ kind: 'lapsed', name: off.name });
    }
  }
  if (cell.off.some(({ why }) => why === 'weekend' || why === 'holiday')) found.push({ kind: 'dayOff' });
  const elsewhere = of !== 'salles' && halfDay.formateur ? day.elsewhere(halfDay, session.localisationId) : null;
  if (elsewhere) found.push({ kind: 'travel', name: elsewhere });
  const room = day.room(halfDay.salle);
  const seats = room?.capacity ?? null;
  if (room && seats !== null && seats < session.stagiaires)
    found.push({ kind: 'small', name: room.name, seats, group: session.stagiaires });
  return found;
}
