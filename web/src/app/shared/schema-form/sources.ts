/**
 * The sources of a form's choices. Domains register them under the names that schemas use. This file knows no domain.
 */
import { InjectionToken, Provider, Type } from '@angular/core';

export interface Choice {
  value: string;
  label: string;
  /** Its traits for filtering, such as a trainer's skills. */
  traits: string[];
  /** What of it is valid only for a while. */
  expiries?: readonly Expiry[];
}

/** Something that is valid until a day, such as a trainer's certificate. */
export interface Expiry {
  /** Absent when the user may not know it. */
  name: string | null;
  /** The last day. */
  on: string;
}

/** A half-day for which a record is booked. */
export interface Booking {
  day: string;
  half: string;
  /** The holder, when the user may know it: the number of a file, or a reason. */
  by: string;
  /** Id of the record that has it, if one has. */
  record: string | null;
}

/** Records to choose one of (`x-widget: <name>`). */
export interface LookupSource {
  /** Active ones of the site. Without a site: of all sites that the user may see. */
  choices(site: string | null): Promise<Choice[]>;
  /** The booked half-days between two days. Absent for records that are never booked. */
  bookings?(id: string, from: string, to: string): Promise<Booking[]>;
  /** Text keys of the filter by trait: the name of a trait, and “any”. */
  readonly traits?: { label: string; any: string };
}

/** Records that become rows of a list (`x-pick-from: <name>`). */
export interface PickSource {
  /** Text key of the button. */
  readonly label: string;
  /** The resource of their parent record, as in `FormContext.about`. */
  readonly about: string;
  /** The values that tell two rows apart. */
  readonly identity: readonly string[];
  rows(id: string): Promise<PickedRow[]>;
}

export interface PickedRow {
  title: string;
  detail: string;
  /** Values for a column, by its `x-pick`. */
  values: Readonly<Record<string, string>>;
}

/** Records that fill in a form while somebody types (`x-suggest: <name>`). */
export interface SuggestSource {
  /** The best matches for a typed text; some to begin with for an empty one. */
  suggest(text: string, site: string | null): Promise<Suggestion[]>;
}

export interface Suggestion {
  /** The text of the field. */
  label: string;
  detail: string;
  /** Values for the fields beside it, by their `x-pick`. */
  values: Readonly<Record<string, string | number | null>>;
}

/** How much of a record's training took place. */
export interface DeliveredSource {
  /** Minutes of all trainees, planned and done; `null` when nothing was noted. */
  of(record: string): Promise<{ planned: number; done: number } | null>;
}

/** The documents of issued rows. */
export interface IssuedSource {
  /** What to open, by the number of the row. */
  of(record: string): Promise<ReadonlyMap<string, () => void>>;
}

/** A source under its name. Its code is loaded when a form needs it. */
interface Registered<T> {
  name: string;
  load: () => Promise<Type<T>>;
}

export const LOOKUP_SOURCES = new InjectionToken<Registered<LookupSource>[]>('LOOKUP_SOURCES', { factory: () => [] });
export const PICK_SOURCES = new InjectionToken<Registered<PickSource>[]>('PICK_SOURCES', { factory: () => [] });
export const SUGGEST_SOURCES = new InjectionToken<Registered<SuggestSource>[]>('SUGGEST_SOURCES', {
  factory: () => [],
});
/** One each: the domain that has them registers them. */
export const DELIVERED_SOURCE = new InjectionToken<() => Promise<Type<DeliveredSource>>>('DELIVERED_SOURCE');
export const ISSUED_SOURCE = new InjectionToken<() => Promise<Type<IssuedSource>>>('ISSUED_SOURCE');

export function provideLookup(name: string, load: () => Promise<Type<LookupSource>>): Provider {
  return { provide: LOOKUP_SOURCES, multi: true, useValue: { name, load } };
}
export function providePick(name: string, load: () => Promise<Type<PickSource>>): Provider {
  return { provide: PICK_SOURCES, multi: true, useValue: { name, load } };
}
export function provideSuggest(name: string, load: () => Promise<Type<SuggestSource>>): Provider {
  return { provide: SUGGEST_SOURCES, multi: true, useValue: { name, load } };
}
