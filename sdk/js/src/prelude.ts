//! Replaces parts of the engine that a plugin must not use: time and random numbers come from the host, with a grant.
//! Loaded before any other module of a plugin.

import * as log from './host/log.js';

function none(what: string, instead: string): never {
  throw new TypeError(`a plugin has no ${what}; use \`${instead}\` and ask for it in plugin.toml`);
}

Math.random = () => none('Math.random', 'random.bytes');
globalThis.Date = new Proxy(Date, {
  apply: () => none('Date()', 'clock.now'),
  construct: (date, given: unknown[]) =>
    given.length === 0 ? none('new Date()', 'clock.now') : Reflect.construct(date, given),
  get: (date, name) => (name === 'now' ? () => none('Date.now', 'clock.now') : Reflect.get(date, name)),
});

// For libraries that write to the console.
const line =
  (write: (message: string) => void) =>
  (...words: unknown[]) =>
    write(words.map(String).join(' '));
Object.assign(globalThis, {
  console: {
    debug: line(log.debug),
    log: line(log.info),
    info: line(log.info),
    warn: line(log.warn),
    error: line(log.error),
  },
});
