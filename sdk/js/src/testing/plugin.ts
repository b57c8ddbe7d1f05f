//! A plugin under test: set up the world around it, call it, look at what it did.

import process from 'node:process';
import type { Entreprise, Opportunite } from '../contract/types.js';
import type { Reason } from '../errors.js';
import { decode, encode } from './codec.js';
import { type Functions, shapeOf } from './functions.js';
import { Harness, build } from './process.js';

/** A request that is waited for: what is absent fits any. */
export interface Request {
  /** `GET`, `POST`, … */
  method?: string;
  /** The whole address, or with a `*` at its end the beginning of it. */
  url?: string;
  /** Headers it must have, whatever else it has; names in any case. */
  headers?: Record<string, string>;
  /** Texts its body must contain. */
  bodyHas?: string[];
}

/** What the scripted web answers. */
export interface Answer {
  /** 200 unless it is said. */
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, instead of `chunks`. */
  json?: unknown;
  /** The body in the pieces in which it arrives. */
  chunks?: string[];
  /** After the last piece the connection breaks instead of ending. */
  cut?: boolean;
  /** Nobody answers; in these words. */
  unreachable?: string;
  /** How long it takes until the head arrives. */
  delayMs?: number;
}

/** What a plugin did; see `protocol::Seen`. */
export interface Seen {
  /** Requests that passed the guards, in order, secrets filled in. */
  requests: { method: string; url: string; headers: Record<string, string>; body: string }[];
  /** Lines it logged, in order. */
  lines: { level: 'debug' | 'info' | 'warn' | 'error'; message: string }[];
  linesDropped: number;
  /** Published figures: counters added up, gauges as they were set last. */
  figures: Record<string, number>;
  /** Its notes on the present site. */
  notes: Record<string, string>;
  /** Jobs it gave itself. None of them runs by itself: call `run`. */
  jobs: { kind: string; payload: string; runAfterMs: number; dedupeKey: string | null }[];
  /** Events it announced, under their whole name. */
  events: { name: string; opportunite: string | null; payload: string }[];
  /** Capabilities that were used without their grant, in order. */
  denied: string[];
  /** Requests that no script fitted, and scripts with `expectOnce` that were not used up, in words. */
  unmet: string[];
}

/** Why a call brought no value. */
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
  /** All that was asked before. */
  #before: Promise<unknown> = Promise.resolve();
  #seat: Record<string, unknown> = {};

  private constructor(harness: Harness) {
    this.#harness = harness;
  }

  /** The plugin of the project under test, as `afpi plugin test` built it; built once here when it did not. */
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

  /** What is granted, by the words of the manifest, instead of all it asks for. */
  grants(...capabilities: string[]): this {
    return this.#sit({ grants: capabilities });
  }

  /** Sits on another site from now on. Notes and secrets belong to a site. */
  site(id: string, code: string): this {
    return this.#sit({ site: id, siteCode: code });
  }

  /** Stops the clock at this moment, in epoch ms. */
  now(now: number): this {
    return this.#tell({ do: 'set', now });
  }

  /** Where the random numbers begin. */
  seed(seed: number): this {
    return this.#tell({ do: 'set', seed });
  }

  /** The language of the person behind the calls. */
  locale(locale: 'fr' | 'en'): this {
    return this.#tell({ do: 'set', locale });
  }

  /** A secret an administrator has entered on the present site. */
  secret(name: string, value: string): this {
    return this.#tell({ do: 'set', secrets: { [name]: value } });
  }

  /** A note it finds on the present site. */
  note(key: string, value: string): this {
    return this.#tell({ do: 'set', notes: { [key]: value } });
  }

  /** The opportunités it may read. They all belong to the present site, whatever they say. */
  opportunites(records: Opportunite[]): this {
    return this.#records('opportunites', 'opportunite', records);
  }

  /** The entreprises it may read. They all belong to the present site, whatever they say. */
  entreprises(records: Entreprise[]): this {
    return this.#records('entreprises', 'entreprise', records);
  }

  /** Answers requests that fit, as often as they come. */
  expect(request: Request, answer: Answer): this {
    return this.#tell({ do: 'expect', request, answer: wire(answer) });
  }

  /** Answers one request that fits; it must come. */
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

  /** What it did so far. */
  async seen(): Promise<Seen> {
    return this.#ask(() => ({ do: 'seen' })) as Promise<Seen>;
  }

  /** Its manifest, its functions, and the site it sits on. */
  async describe(): Promise<{
    manifest: Record<string, unknown>;
    functions: string[];
    site: string;
    size: number;
    sha256: string;
  }> {
    return this.#ask(() => ({ do: 'describe' })) as ReturnType<Plugin['describe']>;
  }

  /** Ends it. Throws when the web was not used as expected. */
  async [Symbol.asyncDispose](): Promise<void> {
    const seen = await this.seen().catch(() => null);
    await this.#harness.end();
    if (seen && seen.unmet.length > 0) throw new Error(`the web was not used as expected:\n${seen.unmet.join('\n')}`);
  }

  #sit(more: Record<string, unknown>): this {
    this.#seat = { ...this.#seat, ...more };
    return this.#tell({ do: 'seat', ...this.#seat });
  }

  #records(list: string, type: string, records: object[]): this {
    const site = this.describe();
    const local = async () => {
      const localisation = (await site).site;
      return {
        do: 'records',
        [list]: records.map((record) => encode({ named: type }, 'types', { ...record, localisation })),
      };
    };
    return this.#later(local);
  }

  #tell(what: Record<string, unknown>): this {
    return this.#later(() => what);
  }

  #later(what: () => Record<string, unknown> | Promise<Record<string, unknown>>): this {
    // Its failure is that of the next call, which waits for it.
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
    // A refusal of the plugin's is an answer, and the test goes on; a wish that cannot be met spoils what comes after
    // it.
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
