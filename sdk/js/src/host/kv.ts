//! “Keeps notes of its own.” Small values per plugin and site: keys of 1 to 256 bytes, values up to 64 KiB, and in all what the
//! manifest's quota allows (1 000 keys and 1 MiB unless it says otherwise, at most 10 000 and 64 MiB).

import host from '#host/kv';
import type { KvImports } from '../contract/kv.js';
import { ask } from '../errors.js';
import { decode, encode } from '../utf8.js';

const side: KvImports = host;

/**
 * The value under `key`, if there is one.
 *
 * @throws ContractError `denied` without the grant, `invalid` for a key that is empty or too long, `unavailable` when
 * the host's store is away; the same for every function here
 */
export function get(key: string): Uint8Array | null {
  return ask(() => side.get(key) ?? null);
}

/**
 * Writes `value` under `key`.
 *
 * @throws ContractError as `get`; `invalid` for a value that is too long, `conflict` when the quota of keys or bytes is
 * used up
 */
export function set(key: string, value: Uint8Array): void {
  ask(() => side.set(key, value));
}

/** Deletes `key`; no error when it does not exist. */
export function remove(key: string): void {
  ask(() => side.delete(key));
}

/** Up to 500 keys beginning with `prefix`, in order, after `after`. */
export function keys(prefix = '', after: string | null = null): string[] {
  return ask(() => side.keys(prefix, after));
}

/**
 * The value under `key`, read as JSON. The type is the caller's word for what he has written there.
 *
 * @example
 * const seen = kv.getJson<boolean>('seen') ?? false;
 */
export function getJson<T>(key: string): T | null {
  const bytes = get(key);
  return bytes === null ? null : (JSON.parse(decode(bytes)) as T);
}

/** Writes `value` under `key` as JSON. */
export function setJson(key: string, value: unknown): void {
  set(key, encode(JSON.stringify(value)));
}
