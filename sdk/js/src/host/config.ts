//! The settings of the running call, as text; `define.ts` reads them for the plugin.

import * as imported from 'afpi:host/config@1.0.0';
import type { ConfigImports } from '../contract/config.js';

const side: ConfigImports = imported;

/** JSON; empty while nobody has set anything. */
export function get(): string {
  return side.get();
}
