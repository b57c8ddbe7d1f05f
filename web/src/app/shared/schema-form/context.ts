/** The subject of a form: set by the page around it, read by fields that choose among records. */
import { InjectionToken, Signal, signal } from '@angular/core';
import { Text } from '../../api/models/text';
import { JsonObject, JsonSchema } from './schema';

/** The documents of a record and their forms, by section. */
export interface Written {
  documents: Record<string, JsonObject | undefined>;
  forms: Record<string, JsonSchema | undefined>;
}

/** A move of the record that a form offers at one of its rows. */
export interface RowMoves {
  /** The move's label, and whether it can be taken now; `null` for a move that is not offered. */
  offered(transition: string): { label: Text; allowed: boolean } | null;
  /** Takes a move whose form begins with these values. */
  take(transition: string, values: JsonObject): void;
}

/** The document on the screen, with what was not saved yet. */
export interface FormDocument {
  readonly value: Signal<JsonObject>;
}

export const FORM_DOCUMENT = new InjectionToken<FormDocument>('FORM_DOCUMENT', {
  factory: () => ({ value: signal({}) }),
});

export interface FormContext {
  /** The site whose records are offered; `null` for all that the user may see. */
  site: string | null;
  /** Id of the form's record: its own bookings are no conflict. */
  record: string | null;
  /** Ids of other related records, by the name of their resource. */
  about: Readonly<Record<string, string>>;
  /** The stored documents, to choose a row of them; `null` while loading. */
  written: Written | null;
  /** The moves of the record; `null` where none can be taken. */
  moves: RowMoves | null;
  /** Reads the record again after something beside the form has changed it; `null` where nothing does. */
  renew: (() => void) | null;
}

export const NO_CONTEXT: FormContext = { site: null, record: null, about: {}, written: null, moves: null, renew: null };

export const FORM_CONTEXT = new InjectionToken<Signal<FormContext>>('FORM_CONTEXT', {
  factory: () => signal(NO_CONTEXT),
});
