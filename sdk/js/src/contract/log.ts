// Made from wit/ by `afpi plugin types`; do not edit.

export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes lines to the host's log, marked with the plugin, its version and the site.
 * Lines over 4 KiB are cut, control characters are escaped, and a flood is dropped and counted.
 */
export interface LogImports {
  write(level: Level, message: string): void;
}
