// Made from wit/ by `afpi plugin types`; do not edit.
import type { Json } from './types.js';

/** This plugin's settings on this site, already validated against its schema. */
export interface ConfigImports {
  get(): Json;
}
