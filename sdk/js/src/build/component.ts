//! From a bundle to a component: a JavaScript engine with the plugin already started in it.

import { componentize } from 'componentize-qjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, bundle } from './bundle.js';
import { readManifest } from './manifest.js';
import { world, writeWorld } from './world.js';

/** Builds the plugin in `dir`. Returns the component, which `afpi plugin pack` packs. */
export async function component(dir: string): Promise<Uint8Array> {
  const manifest = readManifest(dir);
  const made: Bundle = await bundle(dir, manifest);
  const folder = mkdtempSync(join(tmpdir(), 'afpi-plugin-'));
  try {
    writeWorld(folder, world(manifest, made.imports));
    // Without component-model async, which the host does without, and with nothing of WASI: it imports the contract
    // alone.
    const options = { witPath: folder, world: 'guest', jsSource: made.code, sync: true, stubWasi: true };
    return (await componentize(options)).component;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
