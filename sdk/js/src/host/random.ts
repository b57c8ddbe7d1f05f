//! “Draws random numbers.”

import host from '#host/random';
import type { RandomImports } from '../contract/random.js';

const side: RandomImports = host;

/** `count` random bytes, at most 1024; none without the grant. Plugins must not use `Math.random()`. */
export function bytes(count: number): Uint8Array {
  return side.bytes(count);
}
