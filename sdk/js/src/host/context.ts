//! Who is calling and for how long.

import * as imported from 'afpi:host/context@1.0.0';
import type { CallContext, ContextImports } from '../contract/context.js';

const side: ContextImports = imported;

/** The facts of the running call: site, language of the person behind it, correlation id, time left at its start in ms. */
export function current(): CallContext {
  return side.current();
}
