//! “Knows what time it is.”

import host from '#host/clock';
import type { ClockImports } from '../contract/clock.js';
import type { Instant } from '../contract/types.js';

const side: ClockImports = host;

/** Now, in whole milliseconds since 1970 UTC; 0 without the grant. Plugins must not use `Date.now()`. */
export function now(): Instant {
  return side.now();
}
