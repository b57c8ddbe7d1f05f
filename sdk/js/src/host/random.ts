//! “Draws random numbers.”

import host from '#host/random';
import type { RandomImports } from '../contract/random.js';

const side: RandomImports = host;

/** `count` random bytes, at most 1024; none when it was not granted. `Math.random()` is not for plugins. */
export function bytes(count: number): Uint8Array {
  return side.bytes(count);
}
