//! Workflows: the types of a relay, and the decision on every move. Pure: the same question gets the same answer.

import type { DataMigrationExports, Stored } from './contract/data-migration.js';
import type { Actor, Opportunite } from './contract/types.js';
import type {
  Booking,
  Decision,
  Direction,
  Fact,
  Moment,
  Numbering,
  Offer,
  Outcome,
  Section,
  Status,
  Step,
  Transition,
  WorkflowDefinition,
  WorkflowExports,
} from './contract/workflow.js';
import { type Common, type Plugin, type Settings, nothing, plugin, told } from './define.js';
import { answer } from './errors.js';
import type { Infer } from './schema.js';

export type {
  Booking,
  Decision,
  Direction,
  Fact,
  Moment,
  Numbering,
  Offer,
  Outcome,
  Section,
  Status,
  Step,
  Transition,
  WorkflowDefinition,
};

/** What a workflow does. */
export interface Workflow<S extends Settings> extends Common<S> {
  /** The sections, statuses, transitions and forms. */
  definition(settings: Infer<S>): WorkflowDefinition;
  /**
   * A new opportunité wants to enter the relay.
   *
   * @throws ContractError `denied` when the actor may not start one, `invalid` for what is missing
   */
  start(settings: Infer<S>, subject: Opportunite, actor: Actor, moment: Moment): Decision;
  /**
   * `actor` wants to take `transition`; `input` fits its form.
   *
   * @throws ContractError `denied`, `conflict` when the record does not stand where the move starts, `invalid`
   */
  decide(
    settings: Infer<S>,
    subject: Opportunite,
    transition: string,
    input: unknown,
    actor: Actor,
    moment: Moment,
  ): Decision;
  /**
   * `actor` wants to replace the document of `section`; `document` fits its form.
   *
   * @throws ContractError as `decide`
   */
  edit(
    settings: Infer<S>,
    subject: Opportunite,
    section: string,
    document: unknown,
    actor: Actor,
    moment: Moment,
  ): Decision;
  /** The moves that this actor may take now; blocked ones have the missing conditions. Moves of other roles are left
   * out. */
  offers(settings: Infer<S>, subject: Opportunite, actor: Actor, moment: Moment): Offer[];
  /** The sections this actor may edit now. */
  editable(settings: Infer<S>, subject: Opportunite, actor: Actor): string[];
  /**
   * The documents of one opportunité as version `from` wrote them, turned into those of this version; for plugins with
   * `[data-migration]`. What the forms of this version do not declare stays beside, whatever is answered.
   *
   * @throws when they cannot be carried over; then the change that was to be decided is not made
   */
  migrateDocuments?(settings: Infer<S>, from: string, stored: Stored): Stored;
}

/** Makes a workflow. `afpi plugin new NAME --kind workflow --lang ts` writes a whole one. */
export function defineWorkflow<S extends Settings = typeof nothing>(
  definition: Workflow<S>,
): Plugin & { workflow: WorkflowExports } {
  const carry = definition.migrateDocuments?.bind(definition);
  return plugin(definition, (settings) => ({
    ...(carry && {
      dataMigration: {
        migrate: (from, items) => answer(() => items.map((stored) => carry(settings(), from, stored))),
      } satisfies DataMigrationExports,
    }),
    workflow: {
      definition: () => told(() => definition.definition(settings())),
      start: (subject, actor, moment) => answer(() => definition.start(settings(), subject, actor, moment)),
      decide: (subject, transition, input, actor, moment) =>
        answer(() => definition.decide(settings(), subject, transition, parse(input), actor, moment)),
      edit: (subject, section, document, actor, moment) =>
        answer(() => definition.edit(settings(), subject, section, parse(document), actor, moment)),
      offers: (subject, actor, moment) => told(() => definition.offers(settings(), subject, actor, moment)),
      editable: (subject, actor) => told(() => definition.editable(settings(), subject, actor)),
    },
  }));
}

/** A move without a form comes with an empty text. */
function parse(text: string): unknown {
  return text.trim() === '' ? {} : JSON.parse(text);
}
