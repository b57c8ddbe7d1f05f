//! “Draws random numbers.”

import * as imported from 'afpi:host/random@1.0.0';
import type { RandomImports } from '../contract/random.js';

const side: RandomImports = imported;

/** `count` random bytes, at most 1024; none when it was not granted. `Math.random()` is not for plugins. */
export function bytes(count: number): Uint8Array {
  return side.bytes(count);
}
