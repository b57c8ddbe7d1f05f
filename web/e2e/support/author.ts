/**
 * Plugins as their authors make them: `afpi plugin …` in a folder outside the repository. AFPI_BIN names the binary.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PluginFile } from './plugin-file';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TARGET_DIR = resolve(ROOT, process.env['CARGO_TARGET_DIR'] ?? 'target');
const BIN = resolve(process.env['AFPI_BIN'] ?? join(TARGET_DIR, 'debug/afpi'));
/** All projects share their compiled dependencies with each other and with the Rust tests in `author.rs`. */
const TARGET = join(TARGET_DIR, 'tmp/authors');

/** Runs `afpi plugin …` in a folder. Returns its output, or fails with the whole output. */
export async function afpi(dir: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET };
  try {
    return (await promisify(execFile)(BIN, ['plugin', ...args], { cwd: dir, env, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`afpi plugin ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Runs `use` with an empty folder and deletes the folder afterwards. */
export async function inScratch<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'afpi-author-'));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export type Language = 'rust' | 'ts';

/**
 * `afpi plugin new`, with the versions of crates and packages that this repository is tested with. Returns the
 * project's folder.
 */
export async function project(scratch: string, id: string, kind: string, language: Language = 'rust'): Promise<string> {
  await afpi(scratch, 'new', id, '--kind', kind, '--lang', language);
  const dir = join(scratch, id);
  if (language === 'ts')
    await promisify(execFile)('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: dir });
  else copyFileSync(join(ROOT, 'Cargo.lock'), join(dir, 'Cargo.lock'));
  return dir;
}

/** Writes files of a project, as its author would. */
export function write(dir: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

/** The output of `afpi plugin pack`. */
export function packed(dir: string, id: string): PluginFile {
  return { name: `${id}.wasm`, mimeType: 'application/wasm', buffer: readFileSync(join(dir, 'dist', `${id}.wasm`)) };
}
