//! Tests a plugin as the component it is, in the runtime it will run in, with a world around it that the test makes up. The guards
//! are the real ones; only time, chance, the network, notes, secrets and records are the test's. For any test runner; the
//! templates use vitest.

export type { Functions } from './functions.js';
export { type Answer, Failure, Plugin, type Request, type Seen } from './plugin.js';
export { actor, entreprise, opportunite } from './samples.js';
