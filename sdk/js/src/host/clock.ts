//! “Knows what time it is.”

import * as imported from 'afpi:host/clock@1.0.0';
import type { ClockImports } from '../contract/clock.js';
import type { Instant } from '../contract/types.js';

const side: ClockImports = imported;

/** Now, in whole milliseconds since 1970 UTC; 0 when it was not granted. `Date.now()` is not for plugins. */
export function now(): Instant {
  return side.now();
}
