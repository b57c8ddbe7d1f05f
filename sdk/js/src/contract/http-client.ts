// Made from wit/ by `afpi plugin types`; do not edit.
import type { Error } from './types.js';

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete';

export interface Header {
  name: string;
  value: string;
}

/** A header whose value is a secret the guest never sees: `prefix` followed by the secret's value. */
export interface SecretHeader {
  name: string;
  prefix: string;
  /** A name declared under `secrets` in the manifest. */
  secret: string;
}

export interface Request {
  method: Method;
  url: string;
  headers: Header[];
  secretHeaders: SecretHeader[];
  body: Uint8Array | null;
  /** From connecting to the last byte of the body, in milliseconds; at most 120 000. */
  timeoutMs: number;
}

/** An answer whose body is read piece by piece, so that a big one never has to fit into memory. */
export interface Response {
  status(): number;
  /** At most 100, in the order received. */
  headers(): Header[];
  /**
   * Up to `max` bytes (at most 1 MiB); `none` at the proper end of the body. A body that is cut short ends in
   * `unavailable`, never in `none`.
   * @throws an error of the contract
   */
  read(max: number): Uint8Array | null;
}

/**
 * “Calls the declared web addresses.” HTTPS (or HTTP where the declared address says so) to declared hosts only.
 * Redirects are never followed; names are resolved once and the checked address is the one connected to; private
 * ranges are refused unless granted; at most 64 request headers, 1 MiB of request body, and a response body limit
 * that counts bytes after decompression.
 */
export interface HttpClientImports {
  /** @throws an error of the contract */
  send(request: Request): Response;
}
