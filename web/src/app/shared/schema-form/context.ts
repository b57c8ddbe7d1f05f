/** What a form is about: told by the page around it, read by the fields that choose among records. */
import { InjectionToken, Signal, signal } from '@angular/core';
import { JsonObject, JsonSchema } from './schema';

/** The documents of a record and the forms they are written in, by section. */
export interface Written {
  documents: Record<string, JsonObject | undefined>;
  forms: Record<string, JsonSchema | undefined>;
}

export interface FormContext {
  /** The site whose records are offered; `null` for all that the user may see. */
  site: string | null;
  /** Id of the record that the form belongs to, whose own bookings are no clash. */
  record: string | null;
  /** Ids of other records that it is about, by the name of their resource. */
  about: Readonly<Record<string, string>>;
  /** What is already written down, to choose a row of it; `null` while it is read. */
  written: Written | null;
}

export const NO_CONTEXT: FormContext = { site: null, record: null, about: {}, written: null };

export const FORM_CONTEXT = new InjectionToken<Signal<FormContext>>('FORM_CONTEXT', {
  factory: () => signal(NO_CONTEXT),
});
