//! The functions of `wit/` that a test can call, by name, with the types of their arguments and answers.

import type * as auditor from '../contract/auditor.js';
import type * as connector from '../contract/connector.js';
import type * as migration from '../contract/data-migration.js';
import type * as documents from '../contract/documents.js';
import type * as hook from '../contract/hook.js';
import type * as job from '../contract/job-handler.js';
import type * as lookup from '../contract/lookup.js';
import type * as notifier from '../contract/notifier.js';
import type * as objectives from '../contract/objectives.js';
import type { Entry } from '../contract/records.js';
import { shapes } from '../contract/shapes.js';
import type { Actor, FieldProblem, Json, Opportunite } from '../contract/types.js';
import type * as workflow from '../contract/workflow.js';
import type { Shape } from './codec.js';

/** The functions that every kind has. JSON texts are texts here as well. */
export interface Functions {
  'config-schema'(): Json;
  'validate-config'(config: Json): FieldProblem[];
  'migrate-config'(from: string, config: Json): Json;
  /** A job of the plugin, as the host runs it when it is due. */
  run(kind: string, payload: Json, attempt: number): job.Outcome;

  /** Documents of another version of a workflow, carried to this one. */
  migrate(from: string, items: migration.Stored[]): migration.Stored[];

  catalogue(): documents.Kind[];
  missing(request: documents.Request): FieldProblem[];
  compose(request: documents.Request): documents.Composition;

  find(query: lookup.Query): lookup.Company[];

  rules(): auditor.Rule[];
  /** A whole audit, with the records in batches. */
  audit(today: string, batches: Entry[][]): auditor.Finding[];

  kinds(): notifier.Kind[];
  notify(event: notifier.Event): notifier.Message[];

  subscriptions(): hook.Subscription[];
  before(event: hook.Event): hook.Verdict;
  after(event: hook.Event): void;

  check(): connector.Probe[];
  /** Returns the number of the pass. */
  'pass.open'(entities: string[]): number;
  'pass.next'(pass: number, max: number): connector.Batch;

  metrics(): objectives.Metric[];
  /** A whole calculation, with the facts in batches. */
  calculate(query: objectives.Query, batches: objectives.Fact[][]): objectives.Score[];
  attain(targets: objectives.Target[]): objectives.Attainment[];

  definition(): workflow.WorkflowDefinition;
  start(subject: Opportunite, actor: Actor, moment: workflow.Moment): workflow.Decision;
  decide(
    subject: Opportunite,
    transition: string,
    input: Json,
    actor: Actor,
    moment: workflow.Moment,
  ): workflow.Decision;
  edit(subject: Opportunite, section: string, document: Json, actor: Actor, moment: workflow.Moment): workflow.Decision;
  offers(subject: Opportunite, actor: Actor, moment: workflow.Moment): workflow.Offer[];
  editable(subject: Opportunite, actor: Actor): string[];
}

const INTERFACES = [
  'lifecycle',
  'job-handler',
  'data-migration',
  'documents',
  'lookup',
  'auditor',
  'notifier',
  'hook',
  'connector',
  'objectives',
  'workflow',
];

/** Functions of the tests that use a resource of the contract from its constructor, with `given`, to its end. */
const WHOLE: Partial<Record<keyof Functions, { of: string; resource: string; given: Shape }>> = {
  calculate: { of: 'objectives', resource: 'calculation', given: { named: 'query' } },
  audit: { of: 'auditor', resource: 'audit', given: 'plain' },
};

/** The interface of a function, and the shapes of its arguments and answer. */
export function shapeOf(name: keyof Functions): { of: string; params: Shape[]; result: Shape | null } {
  const whole = WHOLE[name];
  if (whole) {
    const { functions } = shapes[whole.of]!;
    const [batch] = functions[`${whole.resource}.add`]!.params;
    const { result } = functions[`${whole.resource}.finish`]!;
    return { of: whole.of, params: [whole.given, { list: batch! }], result };
  }
  for (const of of INTERFACES) {
    const found = shapes[of]!.functions[name];
    if (found) return { of, ...found, params: name === 'pass.next' ? ['plain', ...found.params] : found.params };
  }
  throw new TypeError(`there is no function \`${name}\` in the contract`);
}
