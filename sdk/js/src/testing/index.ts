//! Tests a plugin as a component in the real runtime, in a world that the test defines. The guards are real. The test
//! controls time, random numbers, the network, notes, secrets and records. Works with any test runner; the templates
//! use vitest.

export type { Functions } from './functions.js';
export { type Answer, Failure, Plugin, type Request, type Seen } from './plugin.js';
export { actor, entreprise, entry, opportunite } from './samples.js';
