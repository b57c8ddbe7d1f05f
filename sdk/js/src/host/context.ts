//! Who is calling and for how long.

import host from '#host/context';
import type { CallContext, ContextImports } from '../contract/context.js';

const side: ContextImports = host;

/**
 * The facts of the running call: site, language of the person behind it, correlation id, time left at its start in ms.
 */
export function current(): CallContext {
  return side.current();
}
