// Made from wit/ by `afpi plugin types`; do not edit.
import type { Instant } from './types.js';

/** “Knows what time it is.” Coarse on purpose: whole milliseconds. */
export interface ClockImports {
  now(): Instant;
}
