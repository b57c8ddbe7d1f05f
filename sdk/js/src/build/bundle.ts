//! Bundles a project's sources into one module with the component's exports, and lists its imports.

import { build, type Plugin } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FACETS, type Manifest } from './manifest.js';

/** A bundled plugin. */
export interface Bundle {
  code: string;
  /** Interfaces of `afpi:host` it uses, e.g. `log`. */
  imports: string[];
}

const ENTRIES = ['src/plugin.ts', 'src/plugin.js'];
const PRELUDE = fileURLToPath(new URL('../prelude.js', import.meta.url));

/** The interfaces a plugin exports, by their name in `wit/`. */
export function exported(manifest: Manifest): string[] {
  return ['lifecycle', ...(manifest.kind === 'app' ? [] : [manifest.kind]), ...manifest.facets];
}

/** Bundles the plugin in `dir`. Unused code is left out, so that the component needs no grant for it. */
export async function bundle(dir: string, manifest: Manifest): Promise<Bundle> {
  const source = ENTRIES.find((entry) => existsSync(join(dir, entry)));
  if (source === undefined) throw new Error(`there is no ${ENTRIES[0]} in ${dir}`);
  const result = await build({
    stdin: { contents: entry(source, manifest), resolveDir: dir, sourcefile: 'component.js' },
    absWorkingDir: dir,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2023',
    charset: 'utf8',
    plugins: [host],
    logLevel: 'silent',
  });
  const [output] = Object.values(result.metafile.outputs);
  const imports =
    output?.imports.filter(({ external }) => external).map(({ path }) => path.replace(/^afpi:host\/(.*)@.*$/, '$1')) ??
    [];
  return {
    code: unheaded(result.outputFiles[0]!.text, Object.keys(result.metafile.inputs)),
    imports: [...new Set(imports)].sort(),
  };
}

/** Removes the line over each module with its path on the author's machine: strangers receive the plugin. */
function unheaded(code: string, modules: string[]): string {
  const headings = new Set(modules.map((path) => `// ${path}`));
  return code
    .split('\n')
    .filter((line) => !headings.has(line))
    .join('\n');
}

/**
 * The SDK's modules call the host's interfaces `#host/…`, so that they load in Node as well. A component imports the
 * real ones.
 */
const host: Plugin = {
  name: 'afpi-host',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^#host\// }, ({ path }) => ({ path: `afpi:host/${path.slice(6)}@1.1.0`, external: true })),
};

/** The module of the component: exports the parts of the plugin under the contract's names. */
function entry(source: string, manifest: Manifest): string {
  const define = `define${manifest.kind[0]!.toUpperCase()}${manifest.kind.slice(1)}`;
  const parts = exported(manifest).map((name) => {
    const part = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const facet = FACETS.find((facet) => facet.name === name);
    const missing = facet?.missing ?? `${source} must \`export default ${define}({ … })\``;
    return `export const ${part} = need(${JSON.stringify(part)}, ${JSON.stringify(missing)});`;
  });
  return [
    `import ${JSON.stringify(PRELUDE)};`,
    `import * as module from ${JSON.stringify(`./${source}`)};`,
    'function need(part, missing) {',
    '  const found = module.default?.[part];',
    '  if (!found) throw new TypeError(missing);',
    '  return found;',
    '}',
    ...parts,
  ].join('\n');
}
