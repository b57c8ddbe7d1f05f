//! A plugin under test: set up its world, call it, and check what it did.

import process from 'node:process';
import type { Entry } from '../contract/records.js';
import type { Entreprise, Opportunite } from '../contract/types.js';
import type { Reason } from '../errors.js';
import { decode, encode } from './codec.js';
import { type Functions, shapeOf } from './functions.js';
import { Harness, build } from './process.js';

/** An expected request. Absent fields match anything. */
export interface Request {
  /** `GET`, `POST`, … */
  method?: string;
  /** The whole address, or its beginning followed by `*`. */
  url?: string;
  /** Headers that it must have, among others; names in any case. */
  headers?: Record<string, string>;
  /** Texts its body must contain. */
  bodyHas?: string[];
}

/** An answer of the scripted web. */
export interface Answer {
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, instead of `chunks`. */
  json?: unknown;
  /** The body, in pieces. */
  chunks?: string[];
  /** The connection breaks after the last piece. */
  cut?: boolean;
  /** No answer, with this error text. */
  unreachable?: string;
  /** Time until the head arrives. */
  delayMs?: number;
}

/** Everything that a plugin did; see `protocol::Seen`. */
export interface Seen {
  /** Requests that passed the guards, in order, secrets filled in. */
  requests: { method: string; url: string; headers: Record<string, string>; body: string }[];
  /** Lines it logged, in order. */
  lines: { level: 'debug' | 'info' | 'warn' | 'error'; message: string }[];
  linesDropped: number;
  /** Published figures: sums of counters, last values of gauges. */
  figures: Record<string, number>;
  /** Its notes on the present site. */
  notes: Record<string, string>;
  /** Jobs that it enqueued. None of them runs by itself: call `run`. */
  jobs: { kind: string; payload: string; runAfterMs: number; dedupeKey: string | null }[];
  /** Events that it announced, with their full name. */
  events: { name: string; opportunite: string | null; payload: string }[];
  /** Capabilities that were used without their grant, in order. */
  denied: string[];
  /** Requests without a matching script, and unused scripts of `expectOnce`, in words. */
  unmet: string[];
}

/** Why a call returned no value. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    /**
     * `error` when the plugin answered with an error of the contract; `trap`, `timeout`, `memory`, `host-budget`, …
     * when it did not answer.
     */
    readonly kind: string,
    message: string,
    /** The contract's error, for the kind `error`. */
    readonly error: Reason | null,
  ) {
    super(message);
  }
}

/**
 * A plugin in its sandbox: the component it is, in the runtime it will run in, with a world that the test makes up.
 * Each one has a world of its own, so tests do not meet. What is set up holds for the calls after it; one that is wrong
 * fails the next call.
 *
 * @example
 * await using plugin = await Plugin.here();
 * plugin.config({ webhook: HOOK }).expectOnce({ method: 'POST', url: HOOK }, { status: 204 });
 * expect(await plugin.call('notify', event)).toEqual([]);
 */
export class Plugin implements AsyncDisposable {
  static #built: Promise<string> | undefined;
  readonly #harness: Harness;
  /** All earlier requests. */
  #before: Promise<unknown> = Promise.resolve();
  #seat: Record<string, unknown> = {};

  private constructor(harness: Harness) {
    this.#harness = harness;
  }

  /** The plugin of the project under test, as `afpi plugin test` built it. Otherwise it is built here once. */
  static async here(): Promise<Plugin> {
    const given = process.env['AFPI_PLUGIN'];
    return Plugin.load(given ?? (await (Plugin.#built ??= build(process.cwd()))));
  }

  /** A packed plugin. */
  static async load(file: string): Promise<Plugin> {
    const plugin = new Plugin(new Harness(file));
    await plugin.describe();
    return plugin;
  }

  /** Its settings on the site. */
  config(config: Record<string, unknown>): this {
    return this.#sit({ config });
  }

  /** The grants, by their names in the manifest. Default: everything it asks for. */
  grants(...capabilities: string[]): this {
    return this.#sit({ grants: capabilities });
  }

  /** Moves it to another site. Notes and secrets belong to a site. */
  site(id: string, code: string): this {
    return this.#sit({ site: id, siteCode: code });
  }

  /** Stops the clock at this instant, in epoch ms. */
  now(now: number): this {
    return this.#tell({ do: 'set', now });
  }

  /** The start of the random numbers. */
  seed(seed: number): this {
    return this.#tell({ do: 'set', seed });
  }

  /** The language of the person behind the calls. */
  locale(locale: 'fr' | 'en'): this {
    return this.#tell({ do: 'set', locale });
  }

  /** Enters a secret on the present site, like an administrator. */
  secret(name: string, value: string): this {
    return this.#tell({ do: 'set', secrets: { [name]: value } });
  }

  /** Sets a note on the present site. */
  note(key: string, value: string): this {
    return this.#tell({ do: 'set', notes: { [key]: value } });
  }

  /** The opportunités that it may read. They all belong to the present site, whatever they contain. */
  opportunites(records: Opportunite[]): this {
    return this.#records('opportunites', ['types', 'opportunite'], 'localisation', records);
  }

  /** The entreprises that it may read. They all belong to the present site, whatever they contain. */
  entreprises(records: Entreprise[]): this {
    return this.#records('entreprises', ['types', 'entreprise'], 'localisation', records);
  }

  /** The entries it may query, in the order of creation. They all belong to the present site, whatever they say. */
  entries(entries: Entry[]): this {
    return this.#records('entries', ['records', 'entry'], 'site', entries);
  }

  /** Answers matching requests, any number of times. */
  expect(request: Request, answer: Answer): this {
    return this.#tell({ do: 'expect', request, answer: wire(answer) });
  }

  /** Answers one matching request, which must come. */
  expectOnce(request: Request, answer: Answer): this {
    return this.#tell({ do: 'expect', request, answer: wire(answer), times: 1 });
  }

  /**
   * Calls an exported function by its name of `wit/`.
   *
   * @throws Failure the plugin's own refusal, or how it failed to answer
   */
  async call<F extends keyof Functions>(name: F, ...args: Parameters<Functions[F]>): Promise<ReturnType<Functions[F]>> {
    const { of, params, result } = shapeOf(name);
    const given = params.map((shape, at) => encode(shape, of, args[at]));
    const value = await this.#ask(() => ({ do: 'call', function: name, args: given }));
    return (result === null ? undefined : decode(result, of, value)) as ReturnType<Functions[F]>;
  }

  /** Everything it did so far. */
  async seen(): Promise<Seen> {
    return this.#ask(() => ({ do: 'seen' })) as Promise<Seen>;
  }

  /** Its manifest, its functions, and its site. */
  async describe(): Promise<{
    manifest: Record<string, unknown>;
    functions: string[];
    site: string;
    size: number;
    sha256: string;
  }> {
    return this.#ask(() => ({ do: 'describe' })) as ReturnType<Plugin['describe']>;
  }

  /** Ends it. Throws when requests came unexpectedly, or expected ones did not come. */
  async [Symbol.asyncDispose](): Promise<void> {
    const seen = await this.seen().catch(() => null);
    await this.#harness.end();
    if (seen && seen.unmet.length > 0) throw new Error(`the web was not used as expected:\n${seen.unmet.join('\n')}`);
  }

  #sit(more: Record<string, unknown>): this {
    this.#seat = { ...this.#seat, ...more };
    return this.#tell({ do: 'seat', ...this.#seat });
  }

  #records(list: string, [of, named]: [string, string], place: string, records: object[]): this {
    const site = this.describe();
    const local = async () => {
      const here = { [place]: (await site).site };
      return { do: 'records', [list]: records.map((record) => encode({ named }, of, { ...record, ...here })) };
    };
    return this.#later(local);
  }

  #tell(what: Record<string, unknown>): this {
    return this.#later(() => what);
  }

  #later(what: () => Record<string, unknown> | Promise<Record<string, unknown>>): this {
    // Its failure becomes that of the next call, which waits for it.
    this.#ask(what).catch(() => {});
    return this;
  }

  #ask(what: () => Record<string, unknown> | Promise<Record<string, unknown>>): Promise<unknown> {
    const answered = this.#before.then(async () => {
      const outcome = await this.#harness.ask(await what());
      if ('ok' in outcome) return outcome.ok;
      const { kind, message, error } = outcome.error;
      throw new Failure(
        kind,
        message,
        error === null || error === undefined ? null : (decode({ named: 'error' }, 'types', error) as Reason),
      );
    });
    // The plugin's refusal is an answer, and the test goes on. An impossible request makes the following ones fail.
    this.#before = answered.catch((failed: unknown) => {
      if (!(failed instanceof Failure) || failed.kind === 'harness') throw failed;
    });
    this.#before.catch(() => {});
    return answered;
  }
}

function wire({ json, ...answer }: Answer): Record<string, unknown> {
  if (json === undefined) return { ...answer };
  return {
    ...answer,
    chunks: [JSON.stringify(json)],
    headers: { 'content-type': 'application/json', ...answer.headers },
  };
}
