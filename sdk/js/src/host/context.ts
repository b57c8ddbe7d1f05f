//! The caller of the running call, and its time limit.

import host from '#host/context';
import type { CallContext, ContextImports } from '../contract/context.js';

const side: ContextImports = host;

/** Facts about the running call: site, language of the person, correlation id, time left at its start in ms. */
export function current(): CallContext {
  return side.current();
}
