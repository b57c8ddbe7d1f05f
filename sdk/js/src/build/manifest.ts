//! The parts of `plugin.toml` that the build needs. The packing tool reads and checks the rest.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';

const KINDS = ['workflow', 'objectives', 'notifier', 'connector', 'hook', 'app'] as const;

/** The kinds of plugins. */
export type Kind = (typeof KINDS)[number];

/** Kind, wishes and facets of a plugin. */
export interface Manifest {
  kind: Kind;
  /** Interfaces of `afpi:plugin` that it declares beside its kind, e.g. `job-handler`. */
  facets: string[];
  /** Interfaces of `afpi:host` it asks for, e.g. `http-client`. */
  wishes: Set<string>;
}

/** Interfaces of `afpi:host` by the key under `[capabilities]` that asks for each, and a line that does. */
export const CAPABILITIES: Record<string, { key: string; line: string }> = {
  'http-client': { key: 'http', line: 'http = { hosts = ["https://…"] }' },
  secrets: { key: 'secrets', line: 'secrets = [{ name = "…", label = { fr = "…", en = "…" } }]' },
  kv: { key: 'kv', line: 'kv = {}' },
  'records-read': { key: 'records', line: 'records = ["opportunites", "entreprises"]' },
  'records-query': { key: 'records-query', line: 'records-query = [{ kind = "…", fields = ["…"] }]' },
  jobs: { key: 'jobs', line: 'jobs = {}' },
  events: { key: 'events', line: 'events = ["…"]' },
  clock: { key: 'clock', line: 'clock = true' },
  random: { key: 'random', line: 'random = true' },
  metrics: { key: 'metrics', line: 'metrics = ["…"]' },
};

/** Facets by the interface that each exports, and what a plugin that declares one must have. */
export const FACETS: { name: string; declared(toml: object, wishes: string[]): boolean; missing: string }[] = [
  {
    name: 'job-handler',
    declared: (_, wishes) => wishes.includes('jobs'),
    missing: 'plugin.toml asks for `jobs`, so the plugin must have a `job`, which runs them',
  },
  {
    name: 'data-migration',
    declared: (toml) => 'data-migration' in toml,
    missing: 'plugin.toml has `[data-migration]`, so the workflow must have a `migrateDocuments`',
  },
  {
    name: 'documents',
    declared: (toml) => 'documents' in toml,
    missing: 'plugin.toml has `[documents]`, so the plugin must have `documents`, which writes them',
  },
  {
    name: 'auditor',
    declared: (toml) => 'auditor' in toml,
    missing: 'plugin.toml has `[auditor]`, so the plugin must have an `auditor`',
  },
  {
    name: 'lookup',
    declared: (toml) => 'lookup' in toml,
    missing: 'plugin.toml has `[lookup]`, so the plugin must have a `findCompanies`',
  },
];

/** Reads `plugin.toml` in a project's folder. */
export function readManifest(dir: string): Manifest {
  const toml = parse(readFileSync(join(dir, 'plugin.toml'), 'utf8'));
  const kind = KINDS.find((kind) => kind === toml['kind']);
  if (kind === undefined) throw new Error(`plugin.toml: the kind is one of ${KINDS.join(', ')}`);
  const asked = (toml['capabilities'] ?? {}) as Record<string, unknown>;
  const wishes = Object.keys(CAPABILITIES).filter(
    (name) => ![undefined, false].includes(asked[CAPABILITIES[name]!.key] as undefined),
  );
  const facets = FACETS.filter(({ declared }) => declared(toml, wishes)).map(({ name }) => name);
  return { kind, facets, wishes: new Set(wishes) };
}
