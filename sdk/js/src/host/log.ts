//! Lines for the host's log, marked there with the plugin, its version and the site. Over 4 KiB they are cut, and a flood is
//! dropped and counted. Personal data does not belong here.

import host from '#host/log';
import type { LogImports } from '../contract/log.js';

const side: LogImports = host;

/** For the one who hunts a fault in this plugin. */
export function debug(message: string): void {
  side.write('debug', message);
}

/** Worth a line in daily business. */
export function info(message: string): void {
  side.write('info', message);
}

/** Odd, but carried on. */
export function warn(message: string): void {
  side.write('warn', message);
}

/** Something could not be done. */
export function error(message: string): void {
  side.write('error', message);
}
