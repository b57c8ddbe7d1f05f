//! The SDK for plugins in TypeScript: a `define…` function per kind, typed records, settings and forms, and the host's
//! capabilities. Knows the contract in `wit/` and nothing about the host.
//!
//! A plugin is one module whose default export is the result of one of these functions:
//!
//! | kind | function | may use |
//! |---|---|---|
//! | workflow | `defineWorkflow` | log, context |
//! | objectives | `defineObjectives` | log, context |
//! | notifier | `defineNotifier` | log, context, clock, events, http, jobs, kv, metrics, query, random, records, secrets |
//! | connector | `defineConnector` | the same |
//! | hook | `defineHook` | the same |
//! | app | `defineApp` | the same |
//!
//! A facet is a function more, and a section of `plugin.toml` that declares it: `job` with `jobs` under `[capabilities]`,
//! `migrateDocuments` of a workflow with `[data-migration]`, `documents` of a workflow or an app with `[documents]`,
//! `findCompanies` with `[lookup]`, `auditor` of a workflow or an app with `[auditor]`.

export type { CallContext } from './contract/context.js';
export type { Outcome as JobOutcome } from './contract/job-handler.js';
export type {
  Actor,
  Date as Day,
  Entreprise,
  FieldProblem,
  Id,
  Instant,
  Money,
  Opportunite,
  Text,
} from './contract/types.js';

export { type Common, type Documents, type Plugin } from './define.js';
export { change, document, fields, renamed, withDocument } from './documents.js';
export {
  ContractError,
  conflict,
  denied,
  invalid,
  notFound,
  other,
  problem,
  rateLimited,
  type Reason,
  required,
  text,
  unavailable,
} from './errors.js';
export {
  boolean,
  choice,
  type Field,
  type Infer,
  integer,
  json,
  type Label,
  list,
  money,
  object,
  string,
} from './schema.js';

export { defineApp, done } from './app.js';
export { type Connector, defineConnector, type Pass } from './connector.js';
export { after, allow, before, defineHook, entrepriseOf, type Hook, opportuniteOf, veto } from './hook.js';
export { defineNotifier, type Notifier } from './notifier.js';
export { type Calculation, defineObjectives, NONE, type Objectives } from './objectives.js';
export { defineWorkflow, type Workflow } from './workflow.js';

export type * as auditor from './contract/auditor.js';
export type * as connector from './contract/connector.js';
export type * as documents from './contract/documents.js';
export type * as hook from './contract/hook.js';
export type * as lookup from './contract/lookup.js';
export type * as migration from './contract/data-migration.js';
export type * as notifier from './contract/notifier.js';
export type * as objectives from './contract/objectives.js';
export type * as workflow from './contract/workflow.js';

export * as amounts from './money.js';
export * as clock from './host/clock.js';
export * as context from './host/context.js';
export * as events from './host/events.js';
export * as http from './host/http.js';
export * as jobs from './host/jobs.js';
export * as kv from './host/kv.js';
export * as log from './host/log.js';
export * as metrics from './host/metrics.js';
export * as query from './host/query.js';
export * as random from './host/random.js';
export * as records from './host/records.js';
export * as secrets from './host/secrets.js';
