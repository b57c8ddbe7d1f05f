// Made from wit/ by `afpi plugin types`; do not edit.
import type { Error } from './types.js';

/**
 * “Keeps notes of its own.” Small values per plugin and site: keys of 1 to 256 bytes, values up to 64 KiB, and in all what the
 * manifest's quota allows: 1 000 keys and 1 MiB unless it says otherwise, at most 10 000 keys and 64 MiB. A call reads at once what
 * it has written; it is kept, and others read it, once the call has answered without an error.
 */
export interface KvImports {
  /**
   * The value under `key`; `none` when there is none. `invalid` for a key that is empty or too long, here and below.
   * @throws an error of the contract
   */
  get(key: string): Uint8Array | null;
  /**
   * Writes in place of what was there. `invalid` for a value that is too long, `conflict` when the quota is used up.
   * @throws an error of the contract
   */
  set(key: string, value: Uint8Array): void;
  /**
   * Fine when there was nothing.
   * @throws an error of the contract
   */
  delete(key: string): void;
  /**
   * Up to 500 keys with this prefix, in order, after `after`.
   * @throws an error of the contract
   */
  keys(prefix: string, after: string | null): string[];
}
