//! What the engine offers and a plugin must not count on: time and chance come from the host, which grants them. Taken in before
//! anything else of a plugin.

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

// For libraries that talk.
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
