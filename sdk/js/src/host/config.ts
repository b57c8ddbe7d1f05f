//! The settings of the running call, as text. `define.ts` parses them for the plugin.

import host from '#host/config';
import type { ConfigImports } from '../contract/config.js';

const side: ConfigImports = host;

/** JSON; empty while nobody has set anything. */
export function get(): string {
  return side.get();
}
