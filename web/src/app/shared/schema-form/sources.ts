/**
 * Where a form's choices come from. Domains register what they offer under the name that schemas use; nothing here knows
 * any of them.
 */
import { InjectionToken, Provider, Type } from '@angular/core';

export interface Choice {
  value: string;
  label: string;
  /** What it can be chosen by, such as what a trainer can teach. */
  traits: string[];
}

/** A half-day on which a record is taken. */
export interface Booking {
  day: string;
  half: string;
  /** By what, where that may be known: the number of a file, or a reason. */
  by: string;
  /** Id of the record that has it, if one has. */
  record: string | null;
}

/** Records to choose one of (`x-widget: <name>`). */
export interface LookupSource {
  /** Active ones of the site; of all sites the user may see without one. */
  choices(site: string | null): Promise<Choice[]>;
  /** The half-days between two days on which it is taken; absent where nothing is ever booked. */
  bookings?(id: string, from: string, to: string): Promise<Booking[]>;
  /** Text keys of the choice by trait: what a trait is called, and that any will do. */
  readonly traits?: { label: string; any: string };
}

/** Records that become rows of a list (`x-pick-from: <name>`). */
export interface PickSource {
  /** Text key of the button. */
  readonly label: string;
  /** The resource whose record they belong to, as `FormContext.about` names it. */
  readonly about: string;
  /** The values that tell two rows apart. */
  readonly identity: readonly string[];
  rows(id: string): Promise<PickedRow[]>;
}

export interface PickedRow {
  title: string;
  detail: string;
  /** What a column can be filled with, as its `x-pick` names it. */
  values: Readonly<Record<string, string>>;
}

/** A source under its name; its code is loaded when a form asks for it. */
interface Registered<T> {
  name: string;
  load: () => Promise<Type<T>>;
}

export const LOOKUP_SOURCES = new InjectionToken<Registered<LookupSource>[]>('LOOKUP_SOURCES', { factory: () => [] });
export const PICK_SOURCES = new InjectionToken<Registered<PickSource>[]>('PICK_SOURCES', { factory: () => [] });

export function provideLookup(name: string, load: () => Promise<Type<LookupSource>>): Provider {
  return { provide: LOOKUP_SOURCES, multi: true, useValue: { name, load } };
}
export function providePick(name: string, load: () => Promise<Type<PickSource>>): Provider {
  return { provide: PICK_SOURCES, multi: true, useValue: { name, load } };
}
