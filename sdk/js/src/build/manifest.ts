//! The parts of `plugin.toml` that the build needs. The packing tool reads and checks the rest.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';

const KINDS = ['workflow', 'objectives', 'notifier', 'connector', 'hook'] as const;

/** The kinds of plugins. */
export type Kind = (typeof KINDS)[number];

/** Kind and requests of a plugin. */
export interface Manifest {
  kind: Kind;
  /** The interfaces of `afpi:host` that it asks for, e.g. `http-client`. */
  wishes: Set<string>;
}

/** Interfaces of `afpi:host` by the key under `[capabilities]` that asks for each, and a line that does. */
export const CAPABILITIES: Record<string, { key: string; line: string }> = {
  'http-client': { key: 'http', line: 'http = { hosts = ["https://…"] }' },
  secrets: { key: 'secrets', line: 'secrets = [{ name = "…", label = { fr = "…", en = "…" } }]' },
  kv: { key: 'kv', line: 'kv = {}' },
  'records-read': { key: 'records', line: 'records = ["opportunites", "entreprises"]' },
  jobs: { key: 'jobs', line: 'jobs = {}' },
  events: { key: 'events', line: 'events = ["…"]' },
  clock: { key: 'clock', line: 'clock = true' },
  random: { key: 'random', line: 'random = true' },
  metrics: { key: 'metrics', line: 'metrics = ["…"]' },
};

/** Reads `plugin.toml` in a project's folder. */
export function readManifest(dir: string): Manifest {
  const toml = parse(readFileSync(join(dir, 'plugin.toml'), 'utf8'));
  const kind = KINDS.find((kind) => kind === toml['kind']);
  if (kind === undefined) throw new Error(`plugin.toml: the kind is one of ${KINDS.join(', ')}`);
  const asked = (toml['capabilities'] ?? {}) as Record<string, unknown>;
  const wishes = Object.keys(CAPABILITIES).filter(
    (name) => ![undefined, false].includes(asked[CAPABILITIES[name]!.key] as undefined),
  );
  return { kind, wishes: new Set(wishes) };
}
