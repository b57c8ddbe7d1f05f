//! Shared by the definitions of all kinds: settings read for each call, the lifecycle, and the handling of exceptions.
//! Knows no kind.

import type { JobHandlerExports, Outcome } from './contract/job-handler.js';
import type { DataMigrationExports } from './contract/data-migration.js';
import type * as auditor from './contract/auditor.js';
import type * as documents from './contract/documents.js';
import type { LifecycleExports } from './contract/lifecycle.js';
import type * as lookup from './contract/lookup.js';
import type { Entry } from './contract/records.js';
import type { FieldProblem } from './contract/types.js';
import { answer, describe } from './errors.js';
import * as config from './host/config.js';
import * as log from './host/log.js';
import { type Field, type Infer, json, object } from './schema.js';

/** Settings from one description: schema and type. */
export type Settings = Field<any>;

/** What every plugin declares. Only the settings are needed, and only if there are any. */
export interface Common<S extends Settings> {
  /** The settings on each site, described with {@link object}. Default: none. */
  settings?: S;
  /** Rules that the schema cannot express (“the end must be after the start”). Called with settings that fit the
   * schema. */
  validate?(settings: Infer<S>): FieldProblem[];
  /**
   * Settings written for version `from`, turned into settings for this one; unchanged unless it is said.
   *
   * @throws when they cannot be carried over; the admin is then asked to enter them anew
   */
  migrate?(from: string, settings: unknown): unknown;
  /**
   * One of its own jobs, for plugins that ask for `jobs`. It may run twice.
   *
   * @param attempt counts from 1
   */
  job?(settings: Infer<S>, kind: string, payload: unknown, attempt: number): Outcome;
  /** Its audits, for workflows and apps with `[auditor]`. */
  auditor?: Auditor<S>;
  /** Its documents, for workflows and apps with `[documents]`. */
  documents?: Documents<S>;
  /**
   * The companies of a directory elsewhere that fit, for plugins with `[lookup]`; at most 10, the best first.
   *
   * @throws when the directory does not answer: the person then goes on by hand
   */
  findCompanies?(settings: Infer<S>, query: lookup.Query): lookup.Company[];
}

/** Writes documents. The dossier is the JSON of the request; its fields stand in `docs/documents.md`. */
export interface Documents<S extends Settings> {
  /** All kinds of documents, in the order to show them. */
  catalogue(settings: Infer<S>): documents.Kind[];
  /** What is missing before this document can be made, with pointers into the dossier. Not asked for drafts. */
  missing(settings: Infer<S>, request: documents.Request, dossier: Record<string, unknown>): FieldProblem[];
  /** The content of a document. For a draft, leave blank or mark what is missing. */
  compose(settings: Infer<S>, request: documents.Request, dossier: Record<string, unknown>): documents.Composition;
}

/** Finds what cannot be right. The fields of the records stand in `docs/auditors.md`. */
export interface Auditor<S extends Settings> {
  /** The rules that are switched on, in the order to show them. */
  rules(settings: Infer<S>): auditor.Rule[];
  /** Begins an audit on this ISO day. */
  audit(settings: Infer<S>, today: string): Audit;
}

/** One audit: gets records in any number of batches and any order, finishes once. */
export interface Audit {
  /** Adds records. Their order and their division into batches must not matter. */
  add(entries: Entry[]): void;
  /** What is wrong: at most 1 000 findings, each rule and key once. */
  finish(): auditor.Finding[];
}

/** The class of the contract's resource. */
type AuditClass = new (today: string) => Audit;

/** Settings of a plugin that has none. */
export const nothing = object({});

/** The value of `export default` for the build: the exports of the component. */
export interface Plugin {
  readonly lifecycle: LifecycleExports;
  readonly jobHandler?: JobHandlerExports;
  readonly dataMigration?: DataMigrationExports;
  readonly documents?: documents.DocumentsExports;
  readonly auditor?: auditor.AuditorExports & { Audit: AuditClass };
  readonly lookup?: lookup.LookupExports;
}

/** A plugin of any kind: its declarations, and the exports of its kind. */
export function plugin<S extends Settings, E>(common: Common<S>, exports: (settings: () => Infer<S>) => E): Plugin & E {
  const schema: Field<Infer<S>> = common.settings ?? (nothing as Field<Infer<S>>);
  const parse = (text: string): Infer<S> => schema.read(text.trim() === '' ? {} : JSON.parse(text));
  const settings = (): Infer<S> => parse(config.get());
  const lifecycle: LifecycleExports = {
    configSchema: () => json(schema),
    validateConfig: (text) => told(() => common.validate?.(parse(text)) ?? []),
    migrateConfig: (from, text) =>
      answer(() => JSON.stringify(common.migrate?.(from, JSON.parse(text)) ?? JSON.parse(text))),
  };
  const job = common.job?.bind(common);
  const jobHandler: JobHandlerExports | undefined = job && {
    run(kind, payload, attempt) {
      try {
        return job(settings(), kind, JSON.parse(payload), attempt);
      } catch (thrown) {
        return { tag: 'other', val: describe(thrown) };
      }
    },
  };
  const writer = common.documents;
  const writes: documents.DocumentsExports | undefined = writer && {
    catalogue: () => told(() => writer.catalogue(settings())),
    missing: (request) => answer(() => writer.missing(settings(), request, JSON.parse(request.dossier))),
    compose: (request) => answer(() => writer.compose(settings(), request, JSON.parse(request.dossier))),
  };
  const find = common.findCompanies?.bind(common);
  const finds: lookup.LookupExports | undefined = find && {
    find: (query) => answer(() => find(settings(), query)),
  };
  const audits = common.auditor && auditing(common.auditor, settings);
  return {
    lifecycle,
    ...(jobHandler && { jobHandler }),
    ...(writes && { documents: writes }),
    ...(finds && { lookup: finds }),
    ...(audits && { auditor: audits }),
    ...exports(settings),
  };
}

function auditing<S extends Settings>(
  definition: Auditor<S>,
  settings: () => Infer<S>,
): NonNullable<Plugin['auditor']> {
  class Shared implements Audit {
    readonly #audit: Audit;
    constructor(today: string) {
      this.#audit = told(() => definition.audit(settings(), today));
    }
    add(entries: Entry[]): void {
      told(() => this.#audit.add(entries));
    }
    finish(): auditor.Finding[] {
      return answer(() => this.#audit.finish());
    }
  }
  return { rules: () => told(() => definition.rules(settings())), Audit: Shared };
}

/** Runs a function that cannot fail in the contract: an exception ends the call, and the log has its place. */
export function told<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    log.error(describe(thrown));
    throw thrown;
  }
}
