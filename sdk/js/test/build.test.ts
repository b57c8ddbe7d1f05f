//! Errors of the build for invalid plugins.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { bundle } from '../src/build/bundle.js';
import { component } from '../src/build/component.js';
import { readManifest } from '../src/build/manifest.js';
import { world } from '../src/build/world.js';

const SDK = fileURLToPath(new URL('../src/index.js', import.meta.url));
const folders: string[] = [];

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** Creates a project with this manifest and this plugin. */
function project(toml: string, source: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'afpi-plugin-test-'));
  folders.push(dir);
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'plugin.toml'), toml);
  writeFileSync(join(dir, 'src/plugin.ts'), source.replace("'afpi-plugin'", JSON.stringify(SDK)));
  return dir;
}

const notifier = (body: string) =>
  `import { defineNotifier, http, kv } from 'afpi-plugin';\nexport default defineNotifier({ notify: () => { ${body}; return []; } });`;

test('only what is used is imported', async () => {
  const dir = project('kind = "notifier"\n[capabilities]\nkv = {}\nclock = true\n', notifier("kv.remove('a')"));
  const manifest = readManifest(dir);
  const { imports } = await bundle(dir, manifest);
  expect(imports).toEqual(['config', 'kv', 'log']);
  expect(world(manifest, imports)).toBe(
    'package afpi:guest;\n\nworld guest {\n  import afpi:host/config@1.1.0;\n  import afpi:host/kv@1.1.0;\n  import afpi:host/log@1.1.0;\n' +
      '  export afpi:plugin/lifecycle@1.1.0;\n  export afpi:plugin/notifier@1.1.0;\n}\n',
  );
});

test('the package holds the contract, the compiled library and the program', async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  const files: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
  for (const file of [
    'wit/types/types.wit',
    'wit/host/host.wit',
    'wit/plugin/worlds.wit',
    'lib/index.js',
    'lib/index.d.ts',
    'bin/afpi-plugin-build.js',
  ]) {
    expect(files).toContain(file);
  }
  expect(files.filter((file) => /^(src|test|node_modules|wit\/frozen)\//.test(file))).toEqual([]);
});

test('nothing says where the author works', async () => {
  const dir = project('kind = "notifier"\n', notifier("'// kept as it is'"));
  const { code } = await bundle(dir, readManifest(dir));
  expect(code).toContain('kept as it is');
  expect(code.split('\n').filter((line) => line.startsWith('// '))).toEqual([]);
});

test('what is used must be asked for, and cannot be in a pure plugin', async () => {
  const asking = project('kind = "notifier"\n', notifier("http.get('https://a.example.fr')"));
  await expect(component(asking)).rejects.toThrow(
    'put `http = { hosts = ["https://…"] }` under [capabilities] in plugin.toml',
  );
  const pure = project(
    'kind = "objectives"\n',
    notifier("kv.remove('a')").replaceAll('defineNotifier', 'defineObjectives'),
  );
  await expect(component(pure)).rejects.toThrow('objectives plugins are pure');
});

test('a plugin of another kind, or without its jobs, is named', async () => {
  const hook = project('kind = "hook"\n', notifier(''));
  await expect(component(hook)).rejects.toThrow('export default defineHook({ … })');
  const jobs = project('kind = "notifier"\n[capabilities]\njobs = {}\n', notifier(''));
  await expect(component(jobs)).rejects.toThrow('the plugin must have a `job`');
});

test('what cannot be read says where', async () => {
  await expect(component(project('kind = "webhook"\n', ''))).rejects.toThrow(
    'plugin.toml: the kind is one of workflow, objectives',
  );
  await expect(component(project('kind = "hook"\n', 'export default {;'))).rejects.toThrow('src/plugin.ts:1:');
  const dir = project('kind = "hook"\n', '');
  rmSync(join(dir, 'src/plugin.ts'));
  await expect(component(dir)).rejects.toThrow('there is no src/plugin.ts');
});
