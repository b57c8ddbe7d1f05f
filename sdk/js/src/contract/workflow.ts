// Made from wit/ by `afpi plugin types`; do not edit.
import type { Id, Money, Instant, Date, Json, Text, FieldProblem, Error, Actor, Opportunite } from './types.js';

/** One stretch of the relay, run by one role. */
export interface Section {
  id: string;
  label: Text;
  /** Role ids that own the section. */
  owners: string[];
  /**
   * Role ids that may edit its form while it is the current one (the own commercial is a role `commercial`
   * with the check made by `edit`).
   */
  editors: string[];
  /**
   * JSON Schema of the section's document. `title`/`x-title-en` label, `x-widget` hints the display, `x-order` lists
   * an object's fields in the order to show them, `readOnly` fields are computed and ignored when sent. Fields of the first
   * section with `x-ask-first` are asked when the record is created.
   */
  form: Json;
  /** Working hours after which it counts as late. */
  limitHours: number | null;
}

export type Outcome = 'open' | 'suspended' | 'won' | 'lost' | 'done' | 'other';

export interface Status {
  id: string;
  label: Text;
  /** Section id; empty for statuses outside the sections. */
  section: string;
  /** What it means for figures: `won` and `done` count as signed. */
  outcome: Outcome;
  /** Chance to be signed, in percent. */
  probability: number;
  /** Role ids that have the ball; empty when nobody has. */
  waitsFor: string[];
}

/** How a move is offered: `forward` as the main button, `back` and `stop` as lesser ones. */
export type Direction = 'forward' | 'back' | 'pause' | 'stop' | 'other';

export interface Transition {
  id: string;
  label: Text;
  direction: Direction;
  /** Status ids it can start from. */
  sources: string[];
  /** Role ids that may ever take it; finer checks are the decision's. */
  roles: string[];
  /** JSON Schema of what is asked when it is taken (a reason, a date); empty when nothing is asked. */
  form: Json;
}

/** Everything the host needs to show and check a relay without knowing its words. */
export interface WorkflowDefinition {
  id: string;
  label: Text;
  sections: Section[];
  statuses: Status[];
  transitions: Transition[];
}

/** What the host knows and the guest may rely on; there is no other clock. */
export interface Moment {
  now: Instant;
  today: Date;
}

/** A half-day taken for somebody or something; the host refuses two on one slot. */
export interface Booking {
  /** `formateur` or `salle`. */
  kind: string;
  /** The formateur's id, or the room's. A room's name is understood, too. */
  resourceId: string;
  day: Date;
  /** `am` or `pm`. */
  half: string;
}

/** Something that happened and that figures are made of; kept for ever, append-only. */
export interface Fact {
  /** E.g. `devis-accepte`; the objectives plugin knows the word, the host does not. */
  kind: string;
  day: Date;
  amount: Money;
  /** A finer word where the kind needs one (a section, a payer). */
  key: string;
}

/** A number the host takes from an unbroken series, in the same transaction, and writes into the documents. */
export interface Numbering {
  /** Series name, e.g. `facture`. One series per legal entity and year. */
  series: string;
  /** `{year}` and `{n}` (5 digits) are filled in, e.g. `F{year}-{n}`. */
  format: string;
  /** JSON Pointer into the documents where the number goes. */
  pointer: string;
}

/** One line of the record's history. */
export interface Step {
  transition: string;
  source: string;
  target: string;
  reason: string;
}

/** What shall be true afterwards. */
export interface Decision {
  section: string;
  status: string;
  outcome: Outcome;
  amount: Money;
  /** When it counts as late in this section; `none` for never. Working hours are the plugin's business. */
  due: Instant | null;
  /** The section documents as they shall be. */
  data: Json;
  state: Json;
  /** In order; several when a move goes straight on. None for an edit. */
  steps: Step[];
  facts: Fact[];
  /** `some` replaces all bookings of this opportunité. */
  bookings: Booking[] | null;
  numberings: Numbering[];
}

/** What stands between the actor and a move. */
export interface Offer {
  transition: string;
  allowed: boolean;
  /** What is missing, with pointers into the documents (`/<section>/<field>`). */
  blockers: FieldProblem[];
}

/**
 * The rules of the relay: sections, statuses, transitions, forms, and the decision on every move. Pure: the same
 * request always gives the same decision. The host checks and applies a decision in one transaction.
 */
export interface WorkflowExports {
  definition(): WorkflowDefinition;
  /**
   * A new opportunité: `section`, `status`, `numero` and `state` are still empty. `actor.owner` is true.
   * @throws an error of the contract
   */
  start(subject: Opportunite, actor: Actor, moment: Moment): Decision;
  /**
   * A move. `input` fits the transition's form.
   * @throws an error of the contract
   */
  decide(subject: Opportunite, transition: string, input: Json, actor: Actor, moment: Moment): Decision;
  /**
   * New content for a section's document. `document` fits the section's form.
   * @throws an error of the contract
   */
  edit(subject: Opportunite, section: string, document: Json, actor: Actor, moment: Moment): Decision;
  /** The moves this actor may take from here, blocked ones with what is missing; moves of other roles are left out. */
  offers(subject: Opportunite, actor: Actor, moment: Moment): Offer[];
  /** The sections this actor may edit now. */
  editable(subject: Opportunite, actor: Actor): string[];
}
