//! “Uses secrets an administrator has entered.” A plugin never sees a secret: it names it in a request (`http.ts`), and
//! the host fills it in.

import host from '#host/secrets';
import type { SecretsImports } from '../contract/secrets.js';

const side: SecretsImports = host;

/** Has an administrator entered this secret on this site? */
export function has(name: string): boolean {
  return side.has(name);
}
