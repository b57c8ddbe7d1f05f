/** What the board says in words: labels of cells and bars, reasons and conflicts. */
import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { PlanningBoard } from '../../../../api/models/planning-board';
import { PlanningTaken } from '../../../../api/models/planning-taken';
import { SessionItem } from '../../../../api/models/session-item';
import { Format } from '../../../../shared/i18n/pipes';
import { Bar, Cell, Entry, Off } from '../../util/planning/board';
import { Clash } from '../../util/planning/clashes';
import { Slot, View } from '../../util/planning/days';

/** The names of trainers and rooms by id. */
export type Names = ReadonlyMap<string, string>;

export function namesOf(board: PlanningBoard | undefined): Names {
  return new Map([...(board?.formateurs ?? []), ...(board?.salles ?? [])].map(({ id, name }) => [id, name]));
}

@Injectable({ providedIn: 'root' })
export class PlanningWords {
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);

  say(key: string, values: Record<string, unknown> = {}): string {
    return this.#transloco.translate(`planning.${key}`, values);
  }
  common(key: 'undone' | 'saved'): string {
    return this.#transloco.translate(key === 'undone' ? 'common.undone' : 'common.saved');
  }
  /** `mardi 9 mars 2027`, `8–14 mars 2027` or `mars 2027`. */
  period(view: View, first: string, last: string): string {
    const dates = [first, last].map((day) => new Date(`${day}T00:00:00Z`)) as [Date, Date];
    const options: Intl.DateTimeFormatOptions = {
      ...{ year: 'numeric', month: 'long', timeZone: 'UTC' },
      ...(view === 'mois' ? {} : { day: 'numeric' }),
      ...(view === 'jour' ? { weekday: 'long' } : {}),
    };
    return new Intl.DateTimeFormat(this.#format.tag, options).formatRange(...dates);
  }
  /** `mardi 9 mars, matin`. */
  at({ day, half }: Slot): string {
    return `${this.#format.day(day, 'near')}, ${this.#transloco.translate(`half.${half}`)}`;
  }
  people({ stagiaires, capacityMax }: SessionItem): string {
    return capacityMax
      ? this.say('peopleOf', { n: stagiaires, max: capacityMax })
      : this.say('people', { n: stagiaires });
  }
  clash(clash: Clash): string {
    const named = !('name' in clash) || clash.name;
    return this.say(`clash.${clash.kind}${named ? '' : 'Unnamed'}`, { ...clash });
  }
  off(off: Off): string {
    const named = !('name' in off) || off.name;
    const on = 'on' in off ? this.#format.day(off.on) : '';
    return this.say(`off.${off.why}${named ? '' : 'Unnamed'}`, { ...off, on });
  }
  taken({ opportunite, session }: PlanningTaken): string {
    const by = opportunite ?? session;
    return by ? `${by.numero} ${by.title}` : this.say('elsewhere');
  }
  /** Everything about an entry: what a tooltip and a screen reader say. */
  entry({ session, halfDay, clashes }: Entry, names: Names): string {
    const { stagiaires: n, capacityMax: max } = session;
    const people = max ? this.say('peopleOfSaid', { n, max }) : this.say('people', { n });
    return [
      `${session.numero} ${session.title}`,
      `${halfDay.start}–${halfDay.end}`,
      ...[halfDay.formateur, halfDay.salle].flatMap((id) => (id ? [names.get(id) ?? id] : [])),
      ...(halfDay.remote ? [this.say('remote')] : []),
      session.localisation.name,
      people,
      ...(halfDay.booked ? [] : [this.say('proposed')]),
      ...this.clashes(clashes),
    ].join(', ');
  }
  /** Each conflict once. */
  clashes(clashes: readonly Clash[]): string[] {
    const conflict = `${this.say('conflict')}${this.say('colon')}`;
    return [...new Set(clashes.map((clash) => this.clash(clash)))].map((text) => `${conflict}${text}`);
  }
  /** The content of a cell. */
  cell({ entries, taken, off }: Cell, names: Names): string {
    const said = [
      ...entries.map((entry) => this.entry(entry, names)),
      ...taken.map((one) => this.taken(one)),
      ...off.map((one) => this.off(one)),
    ];
    return said.length ? said.join(' ; ') : this.say('free');
  }
  /** The second line of a bar: who is there, and where. */
  beside({ session, entries }: Bar, names: Names, of: 'formateur' | 'salle'): string {
    if (!session) return '';
    const others = entries.map(({ halfDay }) => halfDay[of]);
    const named = [...new Set(others.flatMap((id) => (id ? [names.get(id) ?? id] : [])))];
    return [this.people(session), ...named, session.localisation.name].join(' · ');
  }
}
