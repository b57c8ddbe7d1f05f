//! `afpi-plugin-build [--no-types]`: checks the types of the plugin in this folder and makes `dist/component.wasm` of it. With
//! `--no-types` they are not checked.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { component } from './component.js';

const dir = process.cwd();
try {
  const [made] = await Promise.all([component(dir), process.argv.includes('--no-types') ? null : types()]);
  mkdirSync(join(dir, 'dist'), { recursive: true });
  writeFileSync(join(dir, 'dist/component.wasm'), made);
} catch (error) {
  process.stderr.write(`afpi-plugin-build: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Runs the project's own TypeScript over it, where it has one. */
async function types(): Promise<void> {
  if (!existsSync(join(dir, 'tsconfig.json'))) return;
  const tsc = createRequire(join(dir, 'package.json')).resolve('typescript/bin/tsc');
  const child = spawn(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  const code = await new Promise<number | null>((ended, failed) => child.on('close', ended).on('error', failed));
  if (code !== 0) throw new Error(`the types do not fit:\n${said.trim()}`);
}
