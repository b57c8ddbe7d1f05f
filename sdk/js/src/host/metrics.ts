//! “Publishes figures for operations.” Only names declared in the manifest; the host adds plugin and site.

import host from '#host/metrics';
import type { MetricsImports } from '../contract/metrics.js';

const side: MetricsImports = host;

/** Adds `value`, a whole number that is not negative, to a counter. */
export function add(name: string, value = 1): void {
  side.add(name, value);
}

/** Sets a gauge to a whole number. */
export function set(name: string, value: number): void {
  side.set(name, value);
}
