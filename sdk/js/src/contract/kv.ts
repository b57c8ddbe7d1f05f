// Made from wit/ by `afpi plugin types`; do not edit.
import type { Error } from './types.js';

/** “Keeps notes of its own.” Small values per plugin and site: keys up to 256 bytes, values up to 64 KiB, 10 000 keys. */
export interface KvImports {
  /** @throws an error of the contract */
  get(key: string): Uint8Array | null;
  /** @throws an error of the contract */
  set(key: string, value: Uint8Array): void;
  /** @throws an error of the contract */
  delete(key: string): void;
  /**
   * Up to 500 keys with this prefix, in order, after `after`.
   * @throws an error of the contract
   */
  keys(prefix: string, after: string | null): string[];
}
