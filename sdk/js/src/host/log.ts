//! Lines for the host's log, marked there with the plugin, its version and the site. Lines over 4 KiB are cut. Too many
//! lines are dropped and counted. Never log personal data.

import host from '#host/log';
import type { LogImports } from '../contract/log.js';

const side: LogImports = host;

/** For somebody who looks for a fault in this plugin. */
export function debug(message: string): void {
  side.write('debug', message);
}

/** Worth a line in normal operation. */
export function info(message: string): void {
  side.write('info', message);
}

/** Unusual, but the work goes on. */
export function warn(message: string): void {
  side.write('warn', message);
}

/** Something failed. */
export function error(message: string): void {
  side.write('error', message);
}
