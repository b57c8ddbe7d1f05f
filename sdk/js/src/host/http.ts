//! “Calls the declared web addresses.” Requests to the hosts of the manifest, answers read piece by piece. Redirects are not
//! followed: a 3xx is an answer like any other.

import host from '#host/http-client';
import type { Header, HttpClientImports, Method, Response as Handle } from '../contract/http-client.js';
import { ask, other } from '../errors.js';
import { decode, encode } from '../utf8.js';

const side: HttpClientImports = host;

/** The most bytes of one read from the host. */
const CHUNK = 64 * 1024;

/** The parts of a request besides method and address. */
export interface RequestOptions {
  /** `Host` and hop-by-hop headers belong to the host and are refused. */
  headers?: Record<string, string>;
  /** Headers whose value is `prefix` and then the secret. The host fills in the secret. */
  secretHeaders?: Record<string, { prefix?: string; secret: string }>;
  /** At most 1 MiB. */
  body?: string | Uint8Array;
  /** Instead of `body`: sent as JSON, with its content type. */
  json?: unknown;
  /** From connecting to the last byte of the answer, in milliseconds. Default 30 000, at most 120 000. */
  timeoutMs?: number;
}

/**
 * Sends a GET request and waits for the head of the answer. Any status is an answer, not an error.
 *
 * @throws ContractError `denied` for an address or secret that was not granted, `unavailable` when nobody answers in
 * time
 */
export function get(url: string, options: RequestOptions = {}): Answer {
  return send('get', url, options);
}

/**
 * Sends a POST request; see {@link get}.
 *
 * @example
 * const answer = http.post('https://chat.example.fr/hook', {
 *   json: { text: 'bonjour' },
 *   secretHeaders: { authorization: { prefix: 'Bearer ', secret: 'token' } },
 * });
 * if (!answer.ok) throw unavailable(`the chat answers ${answer.status}`);
 */
export function post(url: string, options: RequestOptions = {}): Answer {
  return send('post', url, options);
}

/** Sends a request with any method; see {@link get}. */
export function send(method: Method, url: string, options: RequestOptions = {}): Answer {
  const content = options.json === undefined ? options.body : JSON.stringify(options.json);
  const headers = { ...(options.json !== undefined && { 'content-type': 'application/json' }), ...options.headers };
  const handle = ask(() =>
    side.send({
      method,
      url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      secretHeaders: Object.entries(options.secretHeaders ?? {}).map(([name, { prefix = '', secret }]) => ({
        name,
        prefix,
        secret,
      })),
      body: content === undefined ? null : typeof content === 'string' ? encode(content) : content,
      timeoutMs: options.timeoutMs ?? 30_000,
    }),
  );
  return new Answer(handle);
}

/** An answer. Its body is read once, piece by piece or whole. */
export class Answer {
  /** The status code. */
  readonly status: number;
  readonly #headers: Header[];
  /** `null` after the end of the body. */
  #handle: (Handle & Partial<Disposable>) | null;

  /** Made by {@link send}. */
  constructor(handle: Handle) {
    this.#handle = handle;
    this.#headers = handle.headers();
    this.status = handle.status();
  }

  /** Is the status between 200 and 299? */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** The headers in the order received, at most 100. */
  headers(): Header[] {
    return this.#headers;
  }

  /** The first header of this name, upper and lower case alike. */
  header(name: string): string | null {
    return this.headers().find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? null;
  }

  /**
   * The next piece of the body, or `null` at its proper end.
   *
   * @throws ContractError `unavailable` when the body was cut short: a broken body never looks like a finished one
   */
  chunk(): Uint8Array | null {
    const handle = this.#handle;
    if (handle === null) return null;
    const piece = ask(() => handle.read(CHUNK) ?? null);
    if (piece === null) {
      // The host counts open answers, and the garbage collector is slow.
      handle[Symbol.dispose]?.();
      this.#handle = null;
    }
    return piece;
  }

  /**
   * The whole body, if it has at most `limit` bytes.
   *
   * @throws ContractError as {@link chunk}; `other` when it is longer
   */
  bytes(limit: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (let piece = this.chunk(); piece !== null; piece = this.chunk()) {
      length += piece.length;
      if (length > limit) throw other(`the answer is longer than ${limit} bytes`);
      pieces.push(piece);
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** The whole body as text, if it has at most `limit` bytes; see {@link bytes}. */
  text(limit: number): string {
    return decode(this.bytes(limit));
  }

  /**
   * The whole body as JSON, if it has at most `limit` bytes; see {@link bytes}. The type is not checked: check answers
   * of strangers yourself.
   */
  json<T>(limit: number): T {
    return JSON.parse(this.text(limit)) as T;
  }
}
