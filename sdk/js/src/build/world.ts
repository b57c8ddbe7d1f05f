//! The world of one plugin: the host interfaces that it uses, checked against its requests, and the exports of its
//! kind. Its component imports nothing else.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exported } from './bundle.js';
import { CAPABILITIES, type Manifest } from './manifest.js';

/** Given to every plugin. */
const GIVEN = ['log', 'context', 'config'];

const PURE = ['workflow', 'objectives'];

/**
 * The world in WIT.
 *
 * @throws when the plugin uses what it does not ask for, with the line that asks
 */
export function world(manifest: Manifest, imports: string[]): string {
  for (const name of imports.filter((name) => !GIVEN.includes(name) && !manifest.wishes.has(name))) {
    const capability = CAPABILITIES[name];
    if (capability === undefined) throw new Error(`the plugin imports \`${name}\`, which the host does not offer`);
    if (PURE.includes(manifest.kind))
      throw new Error(`the plugin uses \`${name}\`, but ${manifest.kind} plugins are pure`);
    throw new Error(
      `the plugin uses \`${name}\` without asking for it; put \`${capability.line}\` under [capabilities] in plugin.toml`,
    );
  }
  const lines = [
    ...imports.map((name) => `  import afpi:host/${name}@1.1.0;`),
    ...exported(manifest).map((name) => `  export afpi:plugin/${name}@1.1.0;`),
  ];
  return `package afpi:guest;\n\nworld guest {\n${lines.join('\n')}\n}\n`;
}

/** Writes a folder with the world beside the contract. */
export function writeWorld(folder: string, text: string): void {
  for (const name of ['types', 'host', 'plugin']) {
    mkdirSync(join(folder, 'deps'), { recursive: true });
    cpSync(join(CONTRACT, name), join(folder, 'deps', name), { recursive: true });
  }
  writeFileSync(join(folder, 'world.wit'), text);
}

/** `wit/` in this package: `npm run build` puts it there. */
const CONTRACT = fileURLToPath(new URL('../../wit', import.meta.url));
